import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { serveNodeHttp } from '../node/listener.ts'
import { createSharedParts } from '../node/shared-parts.ts'
import { serveFast } from './fast-listener.ts'
import { shrinkSendBuffer } from './send-buffer.ts'

/** Bun as a platform: `faithful` is its `node:http`, `fast` is `Bun.serve`. */
export async function createBunPlatform(): Promise<Platform> {
  return {
    ...(await createSharedParts()),
    name: 'bun',
    version: process.versions.bun ?? '',
    async serve(handler, options) {
      if (options.profile === 'fast') return serveFast(handler, options)
      const listener = await serveNodeHttp(handler, options)
      if (options.sendBufferBytes > 0)
        await shrinkSendBuffer(listener.port, options.sendBufferBytes)
      return listener
    },
  }
}
