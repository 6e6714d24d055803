import type { HeaderLine } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { sourceAdmissionHeader } from '../access/admission.ts'
import { actionOf } from '../access/policy-actions.ts'
import { callerOf, checkExpectedOwner, decideWish } from '../auth/authorize-call.ts'
import { type CopySource, copySourceOf } from '../object/copy-source.ts'
import type { S3Call } from '../s3-call.ts'
import { S3Error } from '../s3-error.ts'
import { namedBucket } from './named-bucket.ts'

/**
 * Who copies may read the source, as if by GET; the call as it is to be relayed then.
 * @throws S3Error `AccessDenied`; as `copySourceOf` and `namedBucket`
 */
export async function withSource(s3: S3Call, proxy: ProxyNode): Promise<S3Call> {
  const source: CopySource = copySourceOf(s3)
  const named = await namedBucket(proxy, source.bucket, 'GET')
  checkExpectedOwner(s3.call.headers.get('x-amz-source-expected-bucket-owner'), named)
  const caller = s3.authorized ?? callerOf(s3, proxy)
  const wish = {
    action: actionOf('GetObject', false),
    need: 'GET' as const,
    named,
    key: source.key,
  }
  const { verdict, admission } = decideWish(s3, proxy, caller, wish)
  if (verdict === 'deny') throw new S3Error('AccessDenied')
  if (admission === undefined) return s3
  const line: HeaderLine = [sourceAdmissionHeader, admission]
  return { ...s3, innerLines: [...(s3.innerLines ?? []), line] }
}
