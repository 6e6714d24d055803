import type { S3Call } from './s3-call.ts'
import { S3Error } from './s3-error.ts'

/** Query parameters that only a signed call has. */
const signing = ['X-Amz-Signature', 'X-Amz-Credential', 'Signature', 'AWSAccessKeyId'] as const

/**
 * Nobody checks signatures yet: a call that carries credentials is refused rather than let through unchecked, and one
 * without is anonymous, which may do all while client auth is off and nothing while it is on.
 * @throws S3Error `NotImplemented`, `AccessDenied`
 */
export function checkCredentials({ call, query }: S3Call, authRequired: boolean): void {
  const signed =
    call.headers.get('authorization') !== undefined || signing.some((name) => query.has(name))
  if (signed) {
    throw new S3Error('NotImplemented', {
      message:
        'Signed requests are not verified by this version: send the request without a signature.',
    })
  }
  if (authRequired) throw new S3Error('AccessDenied')
}
