import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createNetDial } from './net-dial.ts'
import { createSharedParts, withSecured } from './shared-parts.ts'

/** Node as a platform. It serves through our own HTTP face over `node:net`. Resolves when the digests are loaded. */
export async function createNodePlatform(): Promise<Platform> {
  const dial = createNetDial()
  return withSecured(
    {
      ...(await createSharedParts(dial)),
      name: 'node',
      version: process.versions.node,
    },
    dial,
  )
}
