import { endpoints } from '../api/registry.ts'
import { s3Operations } from '../api/s3/registry.ts'
import { hasFeature } from '../config/features.ts'
import { behindEdges } from '../edge/edge-call.ts'
import type { Handler } from '../ports/call.ts'
import { createS3Handler } from '../s3/s3-handler.ts'
import { isS3Target } from '../s3/s3-target.ts'
import { createHandler, type RoleNode } from './dispatch.ts'
import { isNativeTarget } from './native-target.ts'

/** What the listeners of a node run. */
export interface NodeHandlers {
  /** The native API, S3 below `/s3`, and with `S3-API-via-Root` S3 in all that is left. */
  readonly main: Handler
  /** S3 at the root. */
  readonly s3: Handler
}

export function createNodeHandlers(of: RoleNode): NodeHandlers {
  const native = createHandler(of, endpoints)
  const below = createS3Handler(of, s3Operations, '/s3')
  const s3 = createS3Handler(of, s3Operations, '')
  const atRoot = () =>
    of.role === 'proxy' && hasFeature(of.node.metadata.config().features, 'S3-API-via-Root')
  const main: Handler = (call) => {
    if (isS3Target(call.target)) return below(call)
    return atRoot() && !isNativeTarget(call.target) ? s3(call) : native(call)
  }
  if (of.role === 'target') return { main, s3 }
  return { main: behindEdges(main, of.node), s3: behindEdges(s3, of.node) }
}
