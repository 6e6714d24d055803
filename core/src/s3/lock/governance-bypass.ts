import type { ProxyNode } from '../../proxy/proxy.ts'
import { callerOf, decideWish } from '../auth/authorize-call.ts'
import type { NamedBucket } from '../find-bucket.ts'
import { namedBucket } from '../gateway/named-bucket.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { holdKey, modeKey, untilKey } from './object-lock.ts'

const askHeader = 'x-amz-bypass-governance-retention'
const bypassHeader = 'ais-s3-bypass-governance'

function may(s3: S3Call, proxy: ProxyNode, named: NamedBucket, key: string, action: string) {
  const caller = s3.authorized ?? callerOf(s3, proxy)
  const need = action === 's3:BypassGovernanceRetention' ? 'SET-BUCKET-ACL' : 'UPDATE-OBJECT'
  return decideWish(s3, proxy, caller, { action, need, named, key }).verdict === 'allow'
}

/** The line that lets a target pass by GOVERNANCE, where the call asks for that and its caller may. */
export function bypassLines(
  s3: S3Call,
  proxy: ProxyNode,
  named: NamedBucket,
  key: string,
): readonly (readonly [string, string])[] {
  if (s3.call.headers.get(askHeader)?.toLowerCase() !== 'true') return []
  const isAllowed = may(s3, proxy, named, key, 's3:BypassGovernanceRetention')
  return isAllowed ? [[bypassHeader, 'true']] : []
}

/** A call with what `bypassLines` says of it. */
export async function withBypass(s3: S3Call, proxy: ProxyNode): Promise<S3Call> {
  if (s3.call.headers.get(askHeader) === undefined) return s3
  const lines = bypassLines(s3, proxy, await namedBucket(proxy, s3.bucket, 'HEAD-BUCKET'), s3.key)
  return lines.length === 0 ? s3 : { ...s3, innerLines: [...(s3.innerLines ?? []), ...lines] }
}

/** At a target: whether the gateway says so. A client is not listened to. */
export function passesGovernance({ call }: S3Call): boolean {
  return call.network !== 'public' && call.headers.get(bypassHeader) === 'true'
}

/**
 * That who writes an object with a lock may lock it.
 * @param field a header of the write
 * @throws S3Error `AccessDenied`
 */
export function checkMayLock(
  s3: S3Call,
  proxy: ProxyNode,
  named: NamedBucket,
  field: (name: string) => string | undefined,
): void {
  const asked = [
    ...((field(modeKey) ?? field(untilKey)) ? ['s3:PutObjectRetention'] : []),
    ...(field(holdKey) ? ['s3:PutObjectLegalHold'] : []),
  ]
  if (asked.every((action) => may(s3, proxy, named, s3.key, action))) return
  throw new S3Error('AccessDenied')
}

/** As `checkMayLock`, of a call whose own headers say it. */
export async function checkLockHeaders(s3: S3Call, proxy: ProxyNode): Promise<void> {
  const { headers } = s3.call
  if ([modeKey, untilKey, holdKey].every((name) => headers.get(name) === undefined)) return
  const named = await namedBucket(proxy, s3.bucket, 'HEAD-BUCKET')
  checkMayLock(s3, proxy, named, (name) => headers.get(name))
}
