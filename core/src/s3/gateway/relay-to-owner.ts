import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import type { Access } from '../../node/access.ts'
import type { Answer, HeaderLine, NodeCall, Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { endToEnd, relayIdleMs } from '../../proxy/relay.ts'
import { replyOf } from '../../proxy/relayed-reply.ts'
import { encodePath } from '../../wire/target.ts'
import { admissionHeader } from '../access/admission.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { innerHeaders, innerPrefix, payloadOf } from '../inner-headers.ts'
import { checkKey, type S3Call } from '../s3-call.ts'
import { namedBucket } from './named-bucket.ts'

/** A client that follows 307 asks for it so: the bytes go between it and the target then. */
const redirectHeader = 'ais-s3-redirect'

/** Methods whose calls carry a body to the target. */
const withBody: ReadonlySet<string> = new Set(['PUT', 'POST'])

/** Methods whose whole call a client can send again to another address. */
const redirectable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT'])

/** Headers that end at the gateway: credentials, where a page is from, and what only a gateway may say. */
const endHere: ReadonlySet<string> = new Set(['authorization', 'origin', 'sec-fetch-site'])

function passesOn([name]: HeaderLine): boolean {
  return !endHere.has(name) && !name.startsWith(innerPrefix)
}

/** Where targets have an object. */
export function objectPath(bucket: string, key: string): string {
  return encodePath(`/s3/${bucket}/${key}`)
}

/** The call as the owner of `key` gets it. */
export function innerCall(s3: S3Call, { bck, props }: NamedBucket, key: string): NodeCall {
  const { call, method, rawQuery, requestId, authorized } = s3
  const payload = payloadOf(s3)
  const hasBody = withBody.has(method)
  return {
    method,
    target: `${objectPath(bck.name, key)}${rawQuery === '' ? '' : `?${rawQuery}`}`,
    headers: [
      ...endToEnd(call.headers.lines()).filter(passesOn),
      ...innerHeaders({ requestId, bid: props.bid, payload }),
      ...(authorized?.admission === undefined || key === ''
        ? []
        : ([[admissionHeader, authorized.admission]] as const)),
      ...(s3.innerLines ?? []),
    ],
    body: hasBody ? call.body : undefined,
    lengthBytes: hasBody ? call.body.lengthBytes : undefined,
    signal: call.signal,
  }
}

/** Sends `inner` to whoever owns the key. @throws AisError `ErrUnreachable`, `ErrNoNodes` */
export function callOwner(
  proxy: ProxyNode,
  { bck }: NamedBucket,
  key: string,
  inner: NodeCall,
): Promise<Answer> {
  const owner = hrwTarget(proxy.metadata.smap(), objectUname(bck, key))
  return proxy.transport.call(owner, 'data', inner, relayIdleMs)
}

/** 307 to the owner, in the form that S3 clients read, for a client that asked for it. */
function redirectToTarget(s3: S3Call, proxy: ProxyNode, { bck, props }: NamedBucket): Reply {
  const owner = hrwTarget(proxy.metadata.smap(), objectUname(bck, s3.key))
  const { call, method, query, rawQuery } = s3
  const path = `/s3/${bck.name}/${s3.key}`
  const redirected = { call, method, target: { path, query, rawQuery } }
  return {
    status: 307,
    headers: [
      ['Location', proxy.redirectSigner.location(redirected, owner, props.bid)],
      ['Cache-Control', 'no-store'],
    ],
  }
}

/** Passes an object call on to the target that owns the key, and its answer back. @throws S3Error, AisError `ErrUnreachable` */
export async function relayToOwner(s3: S3Call, proxy: ProxyNode, need: Access): Promise<Reply> {
  const bucket = await namedBucket(proxy, s3.bucket, need)
  checkKey(s3.key)
  const asks = s3.call.headers.get(redirectHeader) === 'true'
  // A redirect carries no proof of who was let in: only where everybody is.
  const isOpen = !proxy.metadata.config().auth.client_auth_required
  // What is left for the target to decide, or to keep, does not go by way of a client.
  const isSimple = s3.authorized?.admission === undefined && (s3.innerLines ?? []).length === 0
  if (asks && isOpen && isSimple && redirectable.has(s3.method))
    return redirectToTarget(s3, proxy, bucket)
  const inner = innerCall(s3, bucket, s3.key)
  return replyOf(await callOwner(proxy, bucket, s3.key, inner), s3.method)
}
