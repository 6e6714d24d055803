import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createSharedParts, withSecured } from '../node/shared-parts.ts'
import { bunCrypto } from './crypto.ts'
import { serveSockets } from './listener.ts'
import { dialByBun } from './socket-dial.ts'

/** Bun as a platform: it serves through our own HTTP face over its sockets. */
export async function createBunPlatform(): Promise<Platform> {
  return withSecured(
    {
      ...(await createSharedParts(dialByBun)),
      name: 'bun',
      crypto: bunCrypto,
      version: process.versions.bun ?? '',
      serve: serveSockets,
    },
    dialByBun,
  )
}
