import type { Answer, HeaderLine, Reply } from '../../ports/call.ts'
import type { Tls } from '../../ports/tls.ts'
import { objectPath } from '../gateway/relay-to-owner.ts'
import { ownLocation } from '../own-location.ts'
import type { S3Call } from '../s3-call.ts'
import { bareXmlDocument } from '../xml-writer.ts'

/** Where the form wants its sender sent; what is no web address is as if it were not there. */
function redirectOf(fields: ReadonlyMap<string, string>): URL | undefined {
  const text = fields.get('success_action_redirect') ?? fields.get('redirect')
  if (text === undefined || !URL.canParse(text)) return undefined
  const url = new URL(text)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
}

/** What the sender of a form is told when its file is stored, in the way that the form asks for. */
export function formReply(
  { call, bucket }: S3Call,
  key: string,
  fields: ReadonlyMap<string, string>,
  stored: Answer,
  node: { readonly tls?: Tls | undefined },
): Reply {
  const etag = stored.headers.get('etag') ?? ''
  const redirect = redirectOf(fields)
  if (redirect !== undefined) {
    redirect.searchParams.append('bucket', bucket)
    redirect.searchParams.append('key', key)
    redirect.searchParams.append('etag', etag)
    return { status: 303, headers: [['Location', redirect.href]] }
  }
  const path = objectPath(bucket, key).slice('/s3'.length)
  const location = ownLocation(call, path, node)
  const headers: HeaderLine[] = [
    ['ETag', etag],
    ['Location', location],
  ]
  const status = fields.get('success_action_status')
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers }
  const bytes = bareXmlDocument([
    'PostResponse',
    [
      ['Location', location],
      ['Bucket', bucket],
      ['Key', key],
      ['ETag', etag],
    ],
  ])
  return {
    status: 201,
    headers: [['Content-Type', 'application/xml'], ...headers],
    body: { kind: 'bytes', bytes },
  }
}
