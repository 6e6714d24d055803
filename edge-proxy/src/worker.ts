import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { createHandler } from '@aistore-ts/core/node/dispatch.ts'
import type { ProxyNode } from '@aistore-ts/core/proxy/proxy.ts'
import { callOf } from '@aistore-ts/runtime-adapters/workerd/fetch-call.ts'
import { responseOf } from '@aistore-ts/runtime-adapters/workerd/response-of.ts'

/** What an edge platform calls. */
export interface EdgeWorker {
  fetch(request: Request): Promise<Response>
}

/**
 * A gateway as one fetch handler: the same endpoints as the daemon's, without listener, disk or membership of its own.
 * Where `proxy` gets its map from is the deployment's concern.
 */
export function createEdgeWorker(proxy: ProxyNode): EdgeWorker {
  const handler = createHandler({ role: 'proxy', node: proxy }, endpoints)
  return {
    async fetch(request) {
      return responseOf(await handler(callOf(request)), request.method)
    },
  }
}
