import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import type { ClusterConfig } from '../../config/cluster-config.ts'
import { hasFeature } from '../../config/features.ts'
import { nonceWindowMs, requiresTags } from '../../config/redirect-auth.ts'
import type { Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { canRepeatBody } from '../../proxy/relay.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { payloadOf } from '../inner-headers.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { xmlDocument } from '../xml-writer.ts'

/** By which a client says of one call whether it follows 307: `true` or `false`. */
const redirectHeader = 'ais-s3-redirect'

/** Methods whose whole call a client can send again to another address. */
const redirectable: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT'])

/** Whether clients build the URL anew from the reply's `Endpoint`, and so lose what a redirect says in its query. */
function isRebuilt({ features }: ClusterConfig): boolean {
  return hasFeature(features, 'S3-Redirect-Rebuild')
}

/** What the call says, else what its program is known for, else what the bucket is set to. @throws S3Error `InvalidArgument` */
function isWanted({ call }: S3Call, config: ClusterConfig, { props }: NamedBucket): boolean {
  const said = call.headers.get(redirectHeader)
  if (said !== undefined && said !== 'true' && said !== 'false') {
    throw new S3Error('InvalidArgument', {
      message: `${redirectHeader} must be true or false.`,
      fields: [
        ['ArgumentName', redirectHeader],
        ['ArgumentValue', said],
      ],
    })
  }
  if (hasFeature(config.features, 'S3-Reverse-Proxy')) return false
  if (said !== undefined) return said === 'true'
  if (isRebuilt(config)) return true
  const agent = call.headers.get('user-agent') ?? ''
  return config.s3.redirect_agents.some((name) => agent.startsWith(name)) || props.s3.redirect
}

/** Whether everything that decides about the call is in it, and in the redirect. */
function isPossible(s3: S3Call, proxy: ProxyNode, { auth, features }: ClusterConfig): boolean {
  const { call, method, authorized, innerLines = [] } = s3
  if (!redirectable.has(method) || call.headers.get('x-amz-copy-source') !== undefined) return false
  // A URL built anew is a GET's: HEAD has no document that names the endpoint.
  if (method === 'HEAD' && hasFeature(features, 'S3-Redirect-Rebuild')) return false
  if (auth.client_auth_required && !requiresTags(auth)) return false
  // What is left for the target to decide, or to keep, does not go by way of a client; nor do keys of chunk signatures.
  if (authorized?.admission !== undefined || innerLines.length > 0) return false
  if (method !== 'PUT') return outlives(authorized?.expiresAtMs, proxy, auth)
  const payload = payloadOf(s3)
  if (payload.kind === 'chunked' && payload.signing !== undefined) return false
  return canRepeatBody(call) && outlives(authorized?.expiresAtMs, proxy, auth)
}

/** Whether a presigned URL is good for longer than a redirect. */
function outlives(
  expiresAtMs: number | undefined,
  { platform }: ProxyNode,
  auth: ClusterConfig['auth'],
): boolean {
  return expiresAtMs === undefined || expiresAtMs - platform.clock.now() >= nonceWindowMs(auth)
}

/**
 * Whether an object call is answered by 307 to the target that has the object.
 * @throws S3Error `InvalidArgument` naming the header that says it
 */
export function isRedirected(s3: S3Call, proxy: ProxyNode, bucket: NamedBucket): boolean {
  const config = proxy.metadata.config()
  return isWanted(s3, config, bucket) && isPossible(s3, proxy, config)
}

/** 307 to the owner, in the form that S3 clients read. @see AIStore ais/prxs3.go, `s3Redirect` */
export function redirectToOwner(s3: S3Call, proxy: ProxyNode, { bck, props }: NamedBucket): Reply {
  const owner = hrwTarget(proxy.metadata.smap(), objectUname(bck, s3.key))
  const { call, method, query, rawQuery } = s3
  const path = `/s3/${bck.name}/${s3.key}`
  const redirected = { call, method, target: { path, query, rawQuery } }
  const location = proxy.redirectSigner.location(redirected, owner, props.bid)
  const isBare = isRebuilt(proxy.metadata.config())
  const bytes = xmlDocument([
    'Error',
    [
      ['Code', 'TemporaryRedirect'],
      ['Message', 'Redirect'],
      ['Endpoint', isBare ? `${new URL(owner.publicNet.url).host}/s3` : location],
      ['Bucket', bck.name],
    ],
  ])
  return {
    status: 307,
    headers: [
      ['Location', location],
      ['Cache-Control', 'no-store'],
      ['Content-Type', 'application/xml'],
    ],
    body: method === 'HEAD' ? undefined : { kind: 'bytes', bytes },
  }
}
