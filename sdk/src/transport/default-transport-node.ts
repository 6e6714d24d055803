import type { HttpTransport } from './http-transport.ts'
import { createNodeTransport, type NodeTransportOptions } from './node-transport.ts'

/** The transport of Node, Bun and Deno. Browsers and edge runtimes get the other file by package condition. */
export function createDefaultTransport(options: NodeTransportOptions): HttpTransport {
  return createNodeTransport(options)
}
