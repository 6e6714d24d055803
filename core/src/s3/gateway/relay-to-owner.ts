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
import { isRedirected, redirectToOwner } from './redirect-to-owner.ts'

/** Methods whose calls carry a body to the target. */
const withBody: ReadonlySet<string> = new Set(['PUT', 'POST'])

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

/**
 * Passes an object call on to the target that owns the key, and its answer back; or sends the client there, where that is
 * wanted and can be. @throws S3Error, AisError `ErrUnreachable` */
export async function relayToOwner(s3: S3Call, proxy: ProxyNode, need: Access): Promise<Reply> {
  const bucket = await namedBucket(proxy, s3.bucket, need)
  checkKey(s3.key)
  if (isRedirected(s3, proxy, bucket)) return redirectToOwner(s3, proxy, bucket)
  const inner = innerCall(s3, bucket, s3.key)
  return replyOf(await callOwner(proxy, bucket, s3.key, inner), s3.method)
}
