import { fromBase64, toBase64Url } from '../algorithms/base64.ts'
import { utf8Decode, utf8Encode } from '../algorithms/utf8.ts'
import { limits } from '../config/limits.ts'
import type { Query } from '../wire/query.ts'
import { pageLimit } from './page-limit.ts'
import { S3Error } from './s3-error.ts'
import { urlEncodeKey } from './xml-writer.ts'

/** What all listings of keys ask for. */
export interface ListRequest {
  readonly prefix: string
  readonly delimiter: string
  readonly maxKeys: number
  /** How names are to be written; `undefined`: as they are. */
  readonly encodingType: 'url' | undefined
  /** A name as the document has it. */
  encode(name: string): string
}

/** @throws S3Error `InvalidArgument` */
export function encodingOf(query: Query): Pick<ListRequest, 'encodingType' | 'encode'> {
  const type = query.get('encoding-type') ?? ''
  if (type === 'url') return { encodingType: type, encode: urlEncodeKey }
  if (type === '') return { encodingType: undefined, encode: (name) => name }
  throw new S3Error('InvalidArgument', {
    message: 'Invalid Encoding Method specified in Request',
    fields: [
      ['ArgumentName', 'encoding-type'],
      ['ArgumentValue', type],
    ],
  })
}

/** @throws S3Error `InvalidArgument` */
export function listRequest(query: Query): ListRequest {
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: pageLimit(query.get('max-keys'), 'max-keys', limits.s3ListPageEntriesMax),
    ...encodingOf(query),
  }
}

/** A continuation token: opaque to clients, the last name to us. */
export function tokenOf(name: string): string {
  return toBase64Url(utf8Encode(name))
}

/** @throws S3Error `InvalidArgument` */
export function nameOfToken(token: string): string {
  const bytes = fromBase64(token)
  const name = bytes === undefined ? undefined : utf8Decode(bytes)
  if (name !== undefined && name !== '') return name
  throw new S3Error('InvalidArgument', {
    message: 'The continuation token provided is incorrect',
    fields: [['ArgumentName', 'continuation-token']],
  })
}
