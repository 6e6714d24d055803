import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'
import type { Request } from './exchange.ts'

/** A request that is right, and how often it is taken. */
export interface Sample {
  readonly request: Request
  readonly weight: number
}

/** The bucket that requests are about. */
export const fuzzBucket = 'fuzz-bucket'

function sample(
  line: string,
  body = '',
  headers: Readonly<Record<string, string>> = {},
  weight = 10,
): Sample {
  const [method = '', target = ''] = line.split(' ')
  const bytes = new TextEncoder().encode(body)
  const lines: HeaderLine[] = [
    ['host', 'localhost:9000'],
    ['content-length', String(bytes.length)],
    ...Object.entries(headers),
  ]
  return { request: { method, target, headers: lines, body: bytes }, weight }
}

const at = `/${fuzzBucket}`
const chunked = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'content-encoding': 'aws-chunked',
  'x-amz-decoded-content-length': '11',
  'x-amz-trailer': 'x-amz-checksum-crc32',
}
const tags = '<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>'
const grant =
  '<AccessControlPolicy><Owner><ID>x</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>'
const policy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::${fuzzBucket}/*","Condition":{"StringLike":{"aws:Referer":"http://x/*"}}}]}`
const form = [
  '--b\r\nContent-Disposition: form-data; name="key"\r\n\r\nposted\r\n',
  '--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nhello\r\n--b--\r\n',
].join('')

/** Every operation, in the forms that clients use. */
export const corpus: readonly Sample[] = [
  sample('GET /'),
  sample('GET /?max-buckets=5&prefix=f'),
  sample(`PUT ${at}`, '<CreateBucketConfiguration/>', {}, 1),
  sample(`HEAD ${at}`),
  sample(`GET ${at}?location`),
  sample(`GET ${at}?versioning`),
  sample(
    `GET ${at}?list-type=2&prefix=a&delimiter=%2F&max-keys=5&encoding-type=url&fetch-owner=true`,
  ),
  sample(`GET ${at}?list-type=2&continuation-token=YQ&start-after=b`),
  sample(`GET ${at}?prefix=a&marker=b&delimiter=x`),
  sample(`GET ${at}?versions&key-marker=a&max-keys=3`),
  sample(`GET ${at}?uploads&key-marker=a&upload-id-marker=b&max-uploads=3`),
  sample(`PUT ${at}/key`, 'hello world', { 'content-type': 'text/plain', 'x-amz-meta-a': 'b' }, 40),
  sample(`PUT ${at}/key`, 'hello world', {
    'x-amz-checksum-crc32': 'DUoRhQ==',
    'x-amz-tagging': 'a=b',
  }),
  sample(`PUT ${at}/key`, 'hello world', {
    'content-md5': 'XrY7u+Ae7tCTyyK7j1rNww==',
    'if-none-match': '*',
  }),
  sample(
    `PUT ${at}/key`,
    'b\r\nhello world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n',
    chunked,
    60,
  ),
  sample(`PUT ${at}/copy`, '', {
    'x-amz-copy-source': `${at}/key`,
    'x-amz-metadata-directive': 'REPLACE',
  }),
  sample(`GET ${at}/key`, '', { range: 'bytes=2-5', 'x-amz-checksum-mode': 'ENABLED' }, 40),
  sample(`GET ${at}/key?response-content-type=text%2Fhtml&response-cache-control=x`),
  sample(`GET ${at}/key?partNumber=1`, '', { 'if-match': '"x"' }),
  sample(`HEAD ${at}/key`, '', { 'if-modified-since': 'Mon, 23 Nov 2026 00:00:00 GMT' }),
  sample(`GET ${at}/key?attributes`, '', {
    'x-amz-object-attributes': 'ETag,Checksum,ObjectParts,ObjectSize',
  }),
  sample(`GET ${at}/key?tagging`),
  sample(`PUT ${at}/key?tagging`, tags),
  sample(`DELETE ${at}/key?tagging`),
  sample(`DELETE ${at}/key`),
  sample(
    `POST ${at}?delete`,
    '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><ETag>"x"</ETag></Object><Quiet>true</Quiet></Delete>',
    {},
    30,
  ),
  sample(`POST ${at}/big?uploads`, '', { 'x-amz-checksum-algorithm': 'SHA256' }, 3),
  sample(`PUT ${at}/big?partNumber=1&uploadId=0`, 'part'),
  sample(`PUT ${at}/big?partNumber=1&uploadId=0`, '', {
    'x-amz-copy-source': `${at}/key`,
    'x-amz-copy-source-range': 'bytes=0-3',
  }),
  sample(`GET ${at}/big?uploadId=0&max-parts=2&part-number-marker=1`),
  sample(
    `POST ${at}/big?uploadId=0`,
    '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"x"</ETag></Part></CompleteMultipartUpload>',
    {},
    30,
  ),
  sample(`DELETE ${at}/big?uploadId=0`),
  sample(
    `PUT ${at}?lifecycle`,
    '<LifecycleConfiguration><Rule><ID>a</ID><Filter><Prefix>x</Prefix></Filter><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule></LifecycleConfiguration>',
    {},
    2,
  ),
  sample(`GET ${at}?lifecycle`),
  sample(`PUT ${at}?tagging`, tags, {}, 2),
  sample(`GET ${at}?tagging`),
  sample(`PUT ${at}?acl`, grant, {}, 2),
  sample(`GET ${at}?acl`),
  sample(`PUT ${at}/key?acl`, '', { 'x-amz-acl': 'private' }),
  sample(
    `PUT ${at}?cors`,
    '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
    {},
    2,
  ),
  sample(`OPTIONS ${at}/key`, '', { origin: 'http://x', 'access-control-request-method': 'GET' }),
  sample(`PUT ${at}?policy`, policy, {}, 2),
  sample(`GET ${at}?policyStatus`),
  sample(
    `PUT ${at}?publicAccessBlock`,
    '<PublicAccessBlockConfiguration><BlockPublicAcls>false</BlockPublicAcls></PublicAccessBlockConfiguration>',
    {},
    2,
  ),
  sample(
    `PUT ${at}?ownershipControls`,
    '<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>',
    {},
    2,
  ),
  sample(`POST ${at}`, form, { 'content-type': 'multipart/form-data; boundary=b' }, 20),
]
