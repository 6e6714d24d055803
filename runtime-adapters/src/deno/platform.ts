import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { dialPlainly } from '../node/net-dial.ts'
import { createSharedParts, withSecured } from '../node/shared-parts.ts'

/** Deno as a platform: a gateway's. It serves through our own HTTP face over its `node:net`. */
export async function createDenoPlatform(): Promise<Platform> {
  return withSecured(
    {
      ...(await createSharedParts(dialPlainly)),
      name: 'deno',
      version: process.versions.deno ?? '',
    },
    dialPlainly,
  )
}
