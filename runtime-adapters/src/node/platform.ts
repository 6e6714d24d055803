import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createSharedParts, withSecured } from './shared-parts.ts'

/** Node as a platform. It serves through our own HTTP face over `node:net`. Resolves when the digests are loaded. */
export async function createNodePlatform(): Promise<Platform> {
  return withSecured({
    ...(await createSharedParts()),
    name: 'node',
    version: process.versions.node,
  })
}
