import type { HeaderBlock } from '../../ports/call.ts'
import type { ObjectMeta } from '../../ports/mountpath.ts'
import { S3Error } from '../s3-error.ts'
import { s3Etag, unquoted } from './s3-etag.ts'

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { fields: [['Condition', condition]] })
}

function matches(field: string, existing: ObjectMeta): boolean {
  if (field.trim() === '*') return true
  const etag = s3Etag(existing)
  return field.split(',').some((tag) => unquoted(tag) === etag)
}

/**
 * What a PUT, copy or completion demands of the version that it replaces.
 * @returns a check that throws S3Error `PreconditionFailed`, or `NoSuchKey` when there must be one and is none
 */
export function writeConditions(
  headers: HeaderBlock,
  key: string,
): (existing: ObjectMeta | undefined) => void {
  const ifMatch = headers.get('if-match')
  const ifNoneMatch = headers.get('if-none-match')
  return (existing) => {
    if (ifMatch !== undefined) {
      if (existing === undefined) throw new S3Error('NoSuchKey', { fields: [['Key', key]] })
      if (!matches(ifMatch, existing)) throw failed('If-Match')
    }
    if (ifNoneMatch !== undefined && existing !== undefined && matches(ifNoneMatch, existing)) {
      throw failed('If-None-Match')
    }
  }
}

/** What a DELETE demands of the version that goes. An object that is not there may go at any time. */
export function deleteCondition(
  headers: HeaderBlock,
): ((existing: ObjectMeta) => void) | undefined {
  const ifMatch = headers.get('if-match')
  if (ifMatch === undefined) return undefined
  return (existing) => {
    if (!matches(ifMatch, existing)) throw failed('If-Match')
  }
}
