import { toHex } from '../algorithms/hex.ts'
import { isAisError } from '../errors/ais-error.ts'
import { guardBrowser } from '../node/browser-guard.ts'
import type { RoleNode } from '../node/dispatch.ts'
import type { Call, Handler, Reply } from '../ports/call.ts'
import { isReading } from '../target/write-fence.ts'
import { checkAmzHeaders } from './amz-headers.ts'
import { authorizeCall } from './auth/authorize-call.ts'
import { requestIdHeaders, s3ErrorReply, toS3Error } from './error-document.ts'
import { innerRequestId } from './inner-headers.ts'
import { chooseOperation, type S3Operation } from './operation.ts'
import { parseS3Call, type S3Base, type S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'

/** Bytes of chance in a request ID. */
const requestIdBytes = 8

/** Whether a raw target is one of S3's beside the native API. */
export function isS3Target(target: string): boolean {
  return /^\/s3(?:[/?]|$)/.test(target)
}

async function run(of: RoleNode, operations: readonly S3Operation[], s3: S3Call): Promise<Reply> {
  const { call } = s3
  const { node } = of
  guardBrowser(call.headers, node.hosts())
  if (!node.ready()) throw new S3Error('SlowDown')
  checkAmzHeaders(call.headers)
  const operation = chooseOperation(operations, s3)
  if (of.role === 'target') {
    const { target } = operation
    if (target === undefined) throw new S3Error('MethodNotAllowed')
    const begin = () => target(s3, of.node)
    return isReading(call.method) ? begin() : of.node.fence.guard(begin)
  }
  const authorized = await authorizeCall(s3, of.node, operation)
  return operation.proxy({ ...s3, authorized }, of.node)
}

/**
 * The handler of S3: reads the call once, refuses what is not implemented, runs the operation, and turns whatever is
 * thrown into S3's words.
 * @param base where S3 begins in the path
 */
export function createS3Handler(
  of: RoleNode,
  operations: readonly S3Operation[],
  base: S3Base,
): Handler {
  const { node } = of

  function idOf(call: Call): string {
    const known = call.network === 'public' ? undefined : innerRequestId(call.headers)
    return known ?? toHex(node.platform.random.bytes(requestIdBytes)).toUpperCase()
  }

  function fail(error: unknown, call: Call, resource: string, requestId: string): Reply {
    if (!isAisError(error)) {
      node.log.error('unexpected error', { method: call.method, target: call.target, error })
    }
    const told = toS3Error(error)
    return s3ErrorReply(told, { method: call.method, resource, requestId })
  }

  return async (call) => {
    const requestId = idOf(call)
    let resource = ''
    try {
      const s3 = parseS3Call(call, base, node.hosts(), requestId)
      resource = s3.resource
      const reply = await run(of, operations, s3)
      const isNamed = reply.headers.some(([name]) => name === 'x-amz-request-id')
      if (isNamed) return reply
      return { ...reply, headers: [...requestIdHeaders(requestId), ...reply.headers] }
    } catch (error) {
      return fail(error, call, resource, requestId)
    }
  }
}
