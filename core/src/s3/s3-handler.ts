import { isAisError } from '../errors/ais-error.ts'
import { guardBrowser, guardHost, guardOrigin } from '../node/browser-guard.ts'
import type { RoleNode } from '../node/dispatch.ts'
import type { Call, Handler, HeaderLine, Reply } from '../ports/call.ts'
import type { ProxyNode } from '../proxy/proxy.ts'
import { runAdmitted } from '../redirect/redirect-check.ts'
import { isReading } from '../target/write-fence.ts'
import { checkAmzHeaders } from './amz-headers.ts'
import { authorizeCall, isOpenToAll } from './auth/authorize-call.ts'
import { createCallAdmission } from './call-admission.ts'
import { corsLines, preflight } from './cors.ts'
import { newRequestId, requestIdHeaders, s3ErrorReply, toS3Error } from './error-document.ts'
import { innerRequestId } from './inner-headers.ts'
import { chooseOperation, type S3Operation } from './operation.ts'
import { parseS3Call, type S3Base, type S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'

/** Bytes of chance in a request ID. */

/**
 * Keeps pages of other origins away where nobody has to sign, but those that the bucket's rules let in. Where calls are signed
 * a page can do no more than anybody: browsers add nothing by themselves that counts.
 * @throws AisError `ErrForbidden`
 */
function guardPage(s3: S3Call, proxy: ProxyNode): void {
  const { headers, method } = s3.call
  guardHost(headers, proxy.hosts())
  if (!isOpenToAll(proxy) || method === 'OPTIONS') return
  const isLetIn = corsLines(s3, proxy).some(([name]) => name === 'Access-Control-Allow-Origin')
  if (!isLetIn) guardOrigin(headers, proxy.hosts())
}

const nosniff: HeaderLine = ['X-Content-Type-Options', 'nosniff']
/** What is stored runs no scripts where these could call an API that asks nobody who they are. */
const sandbox: HeaderLine = ['Content-Security-Policy', 'sandbox']

/** Header lines by which browsers do no harm with an answer. */
function browserLines(s3: S3Call, base: S3Base, of: RoleNode): readonly HeaderLine[] {
  if (of.role === 'target') return []
  const lines = corsLines(s3, of.node)
  if (s3.key === '' || (s3.method !== 'GET' && s3.method !== 'HEAD')) return lines
  const isBesideApi = base !== '' || isOpenToAll(of.node)
  return isBesideApi ? [...lines, nosniff, sandbox] : [...lines, nosniff]
}

async function run(of: RoleNode, operations: readonly S3Operation[], s3: S3Call): Promise<Reply> {
  const { call } = s3
  const { node } = of
  if (of.role === 'target') guardBrowser(call.headers, node.hosts())
  else guardPage(s3, of.node)
  if (!node.ready()) throw new S3Error('SlowDown')
  if (call.method === 'OPTIONS' && of.role === 'proxy') return preflight(s3, of.node)
  checkAmzHeaders(call.headers)
  const operation = chooseOperation(operations, s3)
  if (of.role === 'target') {
    const { target } = operation
    if (target === undefined) throw new S3Error('MethodNotAllowed')
    const begin = () => target(s3, of.node)
    const guarded = isReading(call.method) ? begin : () => of.node.fence.guard(begin)
    if (call.network !== 'public') return guarded()
    const { query, rawQuery, resource, method } = s3
    const redirected = { call, method, target: { path: `/s3${resource}`, query, rawQuery } }
    return runAdmitted(of.node, redirected, guarded)
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
  const admission = createCallAdmission(() => node.settings.current().s3.calls_max)

  function idOf(call: Call): string {
    const known = call.network === 'public' ? undefined : innerRequestId(call.headers)
    return known ?? newRequestId(node.platform.random)
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
    let added: readonly HeaderLine[] = []
    try {
      const s3 = parseS3Call(call, base, node.hosts(), requestId)
      resource = s3.resource
      if (call.method !== 'OPTIONS') added = browserLines(s3, base, of)
      const begin = () => run(of, operations, s3)
      // A target has what its gateways let in, and what they have begun must come to its end.
      const reply = await (of.role === 'target' ? begin() : admission.run(begin))
      const isNamed = reply.headers.some(([name]) => name === 'x-amz-request-id')
      const named = isNamed ? [] : requestIdHeaders(requestId)
      return { ...reply, headers: [...named, ...reply.headers, ...added] }
    } catch (error) {
      const reply = fail(error, call, resource, requestId)
      return { ...reply, headers: [...reply.headers, ...added] }
    }
  }
}
