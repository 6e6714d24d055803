import { equalBytes } from '@aistore-ts/core/algorithms/equal-bytes.ts'
import { createTextHmac, plainSha256 } from '@aistore-ts/core/algorithms/sha256.ts'
import type { Handler } from '@aistore-ts/core/ports/call.ts'
import { callOf } from '@aistore-ts/runtime-adapters/workerd/fetch-call.ts'
import { callByFetch } from '@aistore-ts/runtime-adapters/workerd/fetch-outbound.ts'
import { responseOf } from '@aistore-ts/runtime-adapters/workerd/response-of.ts'
import { type PlatformCache, platformBlocks } from './cache/platform-blocks.ts'
import { createEdgeGateway } from './edge-gateway.ts'
import { edgeSettings } from './edge-settings.ts'

/** What an edge platform calls. */
export interface EdgeWorker {
  fetch(request: Request, variables: Readonly<Record<string, unknown>>): Promise<Response>
}

/** The cache that edge platforms share among all instances of a worker: `caches.default` is their addition. */
function defaultCache(): PlatformCache {
  const { default: shared } = caches as CacheStorage & { readonly default: PlatformCache }
  return shared
}

/** An edge gateway for platforms that give variables with each request: `AIS_EDGE_*`. */
export function createEdgeWorker(): EdgeWorker {
  let handler: Handler | undefined
  return {
    async fetch(request, variables) {
      handler ??= createEdgeGateway({
        settings: edgeSettings(variables),
        clock: { now: () => Date.now(), monotonic: () => performance.now() },
        random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
        call: callByFetch,
        createHmac: createTextHmac,
        crypto: { ...plainSha256, equal: equalBytes },
        blocks: platformBlocks(defaultCache()),
      })
      const address = request.headers.get('cf-connecting-ip') ?? ''
      return responseOf(await handler(callOf(request, address)), request.method)
    },
  }
}

export default createEdgeWorker()
