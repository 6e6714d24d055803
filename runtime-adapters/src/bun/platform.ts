import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createSharedParts } from '../node/shared-parts.ts'

/** Bun as a platform. */
export async function createBunPlatform(): Promise<Platform> {
  return { ...(await createSharedParts()), name: 'bun', version: process.versions['bun'] ?? '' }
}
