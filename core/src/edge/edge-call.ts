import type { Body, Call, Handler, HeaderBlock, HeaderLine, Reply } from '../ports/call.ts'
import type { ProxyNode } from '../proxy/proxy.ts'

/**
 * By which an edge gateway asks what becomes of a call before it sends the body: the declared length, or `chunked`. Not
 * called `ais-`: what is called so a redirect vouches for, and the client never sent this.
 */
export const askingHeader = 'x-edge-asks'

/** `Host` as the client sent it, of a call that an edge gateway passes on. */
export const edgeHostHeader = 'x-edge-host'

/** What an edge is told that asked, when there is no answer without the body. */
export const bodyWantedStatus = 417

/** A body that stays at the edge. */
class WithheldBody implements Body {
  readonly lengthBytes: number | undefined
  wasRead = false

  constructor(declared: string) {
    this.lengthBytes = /^\d{1,15}$/.test(declared) ? Number(declared) : undefined
  }

  // biome-ignore lint/correctness/useYield: it ends before it begins
  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    await this.consume()
  }

  consume(): Promise<void> {
    this.wasRead = true
    return Promise.reject(new Error('the body was not sent yet'))
  }
}

function withHost(headers: HeaderBlock, host: string): HeaderBlock {
  return {
    get: (name) => (name === 'host' ? host : headers.get(name)),
    all: (name) => (name === 'host' ? [host] : headers.all(name)),
    lines: (): HeaderLine[] =>
      headers.lines().map(([name, value]) => [name, name === 'host' ? host : value]),
  }
}

/** Whether `host` is where clients find an edge of this cluster: what was signed for it was signed for the cluster. */
function isOfEdge({ metadata }: ProxyNode, host: string): boolean {
  for (const { url } of metadata.credentials().edges.values()) {
    if (url !== '' && new URL(url).host === host.toLowerCase()) return true
  }
  return false
}

/**
 * Has `handler` see calls that come by an edge gateway as the client made them. Whoever adds these headers himself learns
 * no more than by sending the call.
 */
export function behindEdges(handler: Handler, proxy: ProxyNode): Handler {
  async function ask(call: Call, declared: string): Promise<Reply> {
    const body = new WithheldBody(declared)
    const reply = await handler({ ...call, body })
    return body.wasRead ? { status: bodyWantedStatus, headers: [] } : reply
  }

  return (call) => {
    const host = call.headers.get(edgeHostHeader)
    if (host === undefined) return handler(call)
    const seen = isOfEdge(proxy, host) ? { ...call, headers: withHost(call.headers, host) } : call
    const declared = call.headers.get(askingHeader)
    return declared === undefined ? handler(seen) : ask(seen, declared)
  }
}
