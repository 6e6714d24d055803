import type { Credentials } from '../../cluster/credentials.ts'
import type { KeyRing } from '../../cluster/key-ring.ts'
import { claimsOn } from '../../cluster/permissions.ts'
import type { Smap } from '../../cluster/smap.ts'
import type { AuthConfig } from '../../config/auth-config.ts'
import type { Access } from '../../node/access.ts'
import type { NodeContext } from '../../node/node-context.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Tls } from '../../ports/tls.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { admissionText } from '../access/admission.ts'
import { type CallFacts, conditionValues } from '../access/condition-values.ts'
import { type AccessRequest, decide, isObjectAction, type Verdict } from '../access/decide.ts'
import { actionOf } from '../access/policy-actions.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { knownBucket } from '../gateway/named-bucket.ts'
import type { S3Operation } from '../operation.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { type Authorized, authorize } from './authorize.ts'
import { hmacSha1Base64 } from './form-signature-v2.ts'
import type { PostPolicy } from './post-policy.ts'
import { anonymous, principalOf } from './principal.ts'
import { verifyPostForm } from './verify-post-form.ts'
import type { VerifyingCrypto } from './verify-signature.ts'

/** What decides who a caller is and what he may do: a gateway of the cluster, or one at the edge that knows as much. */
export interface Gatekeeper {
  readonly metadata: {
    smap(): Pick<Smap, 'uuid'>
    credentials(): Credentials
    config(): { readonly auth: Pick<AuthConfig, 'client_auth_required' | 'allow_s3_token_compat'> }
  }
  readonly platform: { readonly clock: Pick<Clock, 'now'>; readonly crypto: VerifyingCrypto }
  readonly keyRing: Pick<KeyRing, 'find' | 'signingKeys'>
  readonly tls?: Tls | undefined
}

/** Whether there is nobody who could sign, and no client is asked who it is: what listens does so on this machine alone. */
export function isOpenToAll({ metadata }: Pick<Gatekeeper, 'metadata'>): boolean {
  return metadata.credentials().users.size === 0 && !metadata.config().auth.client_auth_required
}

/** Fields by which a form says that it is signed. */
const signingFields = [
  'policy',
  'awsaccesskeyid',
  'x-amz-credential',
  'signature',
  'x-amz-signature',
]

/**
 * Who sent a form, as its signed policy says; anonymous without one.
 * @throws S3Error as `verifyPostForm`
 */
export function senderOf(
  fields: ReadonlyMap<string, string>,
  bucket: string,
  { metadata, platform, keyRing }: NodeContext,
): { readonly caller: Authorized; readonly policy: PostPolicy | undefined } {
  const payload = { kind: 'unsigned' } as const
  if (!signingFields.some((name) => fields.has(name))) {
    return { caller: { principal: anonymous, payload, by: 'nothing' }, policy: undefined }
  }
  const { key, policy } = verifyPostForm(fields, bucket, {
    crypto: platform.crypto,
    nowMs: platform.clock.now(),
    keys: keyRing.signingKeys,
    findKey: (id) => keyRing.find(id),
    signVersion2: (of, text) =>
      keyRing.withSecret(of, (secret) =>
        hmacSha1Base64(() => platform.createHasher('sha1'), secret, text),
      ),
  })
  const user = metadata.credentials().users.get(key.user)
  if (user === undefined) throw new S3Error('InvalidAccessKeyId')
  return { caller: { principal: principalOf(user), payload, by: 'form' }, policy }
}

/** Who makes a call. @throws S3Error as `authorize` */
export function callerOf({ call, query }: S3Call, node: Gatekeeper): Authorized {
  const { metadata, platform, keyRing } = node
  return authorize(call, query.all(), {
    crypto: platform.crypto,
    nowMs: platform.clock.now(),
    keyRing,
    credentials: metadata.credentials(),
    allowTokenCompat: metadata.config().auth.allow_s3_token_compat === true,
    // No issuer of tokens is known to this program yet.
    findToken: () => undefined,
  })
}

/** One thing that a caller wants to do. */
export interface Wish {
  readonly action: string
  /** The bit of the permissions that is enough for it. */
  readonly need: Access
  readonly named: NamedBucket
  readonly key: string
}

const authTypes = {
  signature: 'REST-HEADER',
  presigned: 'REST-QUERY-STRING',
  form: 'POST',
  token: undefined,
  nothing: undefined,
} as const satisfies Record<Authorized['by'], CallFacts['authType']>

/** @param facts where the call itself does not show them: those of a form */
function requestOf(
  s3: S3Call,
  node: Gatekeeper,
  { principal, by }: Authorized,
  { action, need, named, key }: Wish,
  facts: Partial<CallFacts>,
): AccessRequest {
  const { bck } = named
  const { headers } = s3.call
  return {
    canonicalId: principal.canonicalId,
    claims: claimsOn(principal.permissions, node.metadata.smap().uuid, need, bck),
    action,
    bucket: bck.name,
    key,
    values: conditionValues(s3, {
      nowMs: node.platform.clock.now(),
      secure: node.tls !== undefined,
      user: principal.id,
      authType: authTypes[by],
      field: (name) => headers.get(name),
      ...facts,
    }),
  }
}

/** What is decided of a wish; `ask-object` comes with what the node that has the object must know. */
export interface Decision {
  readonly verdict: Verdict
  readonly admission: string | undefined
}

/** Decides what a caller may do with a bucket or what is in it. */
export function decideWish(
  s3: S3Call,
  node: Gatekeeper,
  caller: Authorized,
  wish: Wish,
  facts: Partial<CallFacts> = {},
): Decision {
  if (caller.by === 'nothing' && isOpenToAll(node))
    return { verdict: 'allow', admission: undefined }
  const { props } = wish.named
  const request = requestOf(s3, node, caller, wish, facts)
  const verdict = decide(request, props)
  const isSimple = verdict === 'deny' || request.claims === 'all' || request.claims === 'allow'
  if (isSimple || !isObjectAction(wish.action)) return { verdict, admission: undefined }
  const mayList = decide(
    {
      ...request,
      action: 's3:ListBucket',
      key: '',
      values: (name) => (name === 's3:prefix' ? [wish.key] : request.values(name)),
    },
    props,
  )
  const isHidden = mayList !== 'allow'
  if (verdict === 'allow' && !isHidden) return { verdict, admission: undefined }
  const left = { isHidden, request: verdict === 'allow' ? undefined : request }
  return { verdict, admission: admissionText(left, props) }
}

/** That who makes a call may also do this, where no object's own ACL counts. @throws S3Error `AccessDenied` */
export function checkWish(s3: S3Call, node: Gatekeeper, wish: Wish): void {
  const caller = s3.authorized ?? callerOf(s3, node)
  if (decideWish(s3, node, caller, wish).verdict !== 'allow') throw new S3Error('AccessDenied')
}

/**
 * Who makes a call, and that they may. Nobody may do anything anonymously but what a policy or an ACL grants, unless the
 * cluster is open to all.
 * @throws S3Error as `authorize`; `NoSuchBucket`, `AccessDenied`
 */
export async function authorizeCall(
  s3: S3Call,
  proxy: ProxyNode,
  { name, access, decidesItself, on }: S3Operation,
): Promise<Authorized> {
  const caller = callerOf(s3, proxy)
  if (decidesItself) return caller
  if (on === 'service' || name === 'CreateBucket') {
    if (caller.by === 'nothing' && isOpenToAll(proxy)) return caller
    const clusterId = proxy.metadata.smap().uuid
    const claims = claimsOn(caller.principal.permissions, clusterId, access)
    if (claims === 'all' || claims === 'allow') return caller
    throw new S3Error('AccessDenied')
  }
  const named = await knownBucket(proxy, s3.bucket)
  checkExpectedOwner(s3.call.headers.get('x-amz-expected-bucket-owner'), named)
  const action = actionOf(name, s3.query.has('versionId'))
  const wish = { action, need: access, named, key: s3.key }
  const { verdict, admission } = decideWish(s3, proxy, caller, wish)
  if (verdict === 'deny') throw new S3Error('AccessDenied')
  return { ...caller, admission }
}

/** @param expected the owner that a call was told to find @throws S3Error `AccessDenied` the bucket is another one's */
export function checkExpectedOwner(expected: string | undefined, { props }: NamedBucket): void {
  if (expected !== undefined && expected !== props.s3.owner) throw new S3Error('AccessDenied')
}
