import type { ConformanceCase } from '../../runner/model/case.ts'
import { at, code, put, s3Case } from './objects.ts'

const access = ['F14.20']

const cors =
  '<CORSConfiguration><CORSRule><AllowedOrigin>https://*.example.org</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>'

function policy(statement: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

const anybody = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::*/*',
}

const formType = 'multipart/form-data; boundary=line'
const formOf = (fields: Readonly<Record<string, string>>, file: string) =>
  [
    ...Object.entries(fields).map(
      ([name, value]) =>
        `--line\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
    `--line\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n${file}\r\n--line--\r\n`,
  ].join('')

/** Who may do what through S3, as anybody sees it while the cluster has no users. */
export const s3AccessCases: readonly ConformanceCase[] = [
  s3Case('bucket-acl', access, [
    {
      send: `GET ${at}?acl`,
      expect: { status: 200, body: /<Permission>FULL_CONTROL<\/Permission>/ },
    },
    { send: `PUT ${at}?acl`, headers: { 'x-amz-acl': 'public-read' }, expect: { status: 200 } },
    {
      send: `GET ${at}?acl`,
      expect: { status: 200, body: /xsi:type="Group"><URI>[^<]*AllUsers<\/URI>/ },
    },
    {
      send: `PUT ${at}?acl`,
      headers: { 'x-amz-acl': 'everything' },
      expect: code(400, 'InvalidArgument'),
    },
    { send: `PUT ${at}?acl`, body: '<x/>', expect: code(400, 'MalformedACLError') },
    { send: `DELETE ${at}?acl`, expect: code(501, 'NotImplemented') },
  ]),
  s3Case('object-acl', access, [
    put('key', 'text', { 'x-amz-acl': 'authenticated-read' }),
    { send: `GET ${at}/key?acl`, expect: { status: 200, body: /AuthenticatedUsers/ } },
    { send: `PUT ${at}/key?acl`, headers: { 'x-amz-acl': 'private' }, expect: { status: 200 } },
    { send: `GET ${at}/key?acl`, expect: { status: 200, body: /^(?!.*AuthenticatedUsers)/s } },
    { send: `GET ${at}/key`, expect: { status: 200, body: 'text' } },
    { send: `GET ${at}/absent?acl`, expect: code(404, 'NoSuchKey') },
  ]),
  s3Case('ownership', access, [
    { send: `GET ${at}?ownershipControls`, expect: code(404, 'OwnershipControlsNotFoundError') },
    {
      send: `PUT ${at}?ownershipControls`,
      body: '<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>',
      expect: { status: 200 },
    },
    { send: `GET ${at}?ownershipControls`, expect: { status: 200, body: /BucketOwnerEnforced/ } },
    {
      send: `PUT ${at}/key`,
      headers: { 'x-amz-acl': 'public-read' },
      body: 'x',
      expect: code(400, 'AccessControlListNotSupported'),
    },
    { send: `DELETE ${at}?ownershipControls`, expect: { status: 204 } },
  ]),
  s3Case('public-access-block', access, [
    {
      send: `GET ${at}?publicAccessBlock`,
      expect: code(404, 'NoSuchPublicAccessBlockConfiguration'),
    },
    {
      send: `PUT ${at}?publicAccessBlock`,
      body: '<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><BlockPublicPolicy>true</BlockPublicPolicy></PublicAccessBlockConfiguration>',
      expect: { status: 200 },
    },
    {
      send: `GET ${at}?publicAccessBlock`,
      expect: { status: 200, body: /<BlockPublicAcls>true<.*<IgnorePublicAcls>false</s },
    },
    {
      send: `PUT ${at}?acl`,
      headers: { 'x-amz-acl': 'public-read' },
      expect: code(403, 'AccessDenied'),
    },
    { send: `PUT ${at}?policy`, body: policy(anybody), expect: code(403, 'AccessDenied') },
    { send: `DELETE ${at}?publicAccessBlock`, expect: { status: 204 } },
    { send: `PUT ${at}?policy`, body: policy(anybody), expect: { status: 204 } },
  ]),
  s3Case('policy', access, [
    put('key', 'stays'),
    { send: `GET ${at}?policy`, expect: code(404, 'NoSuchBucketPolicy') },
    { send: `PUT ${at}?policy`, body: policy(anybody), expect: { status: 204 } },
    { send: `GET ${at}?policy`, expect: { status: 200, body: policy(anybody) } },
    { send: `GET ${at}?policyStatus`, expect: { status: 200, body: /<IsPublic>true</ } },
    {
      send: `PUT ${at}?policy`,
      body: policy({ ...anybody, Condition: { StringEquals: { 'aws:Unheard': 'a' } } }),
      expect: { status: 400, body: /<Code>MalformedPolicy<.*aws:Unheard/s },
    },
    { send: `PUT ${at}?policy`, body: '{', expect: code(400, 'MalformedPolicy') },
    { send: `DELETE ${at}?policy`, expect: { status: 204 } },
    { send: `DELETE ${at}?policy`, expect: { status: 204 } },
    { send: `GET ${at}/key`, expect: { status: 200, body: 'stays' } },
  ]),
  s3Case(
    'cors',
    ['F14.21'],
    [
      put('key', 'text'),
      { send: `GET ${at}?cors`, expect: code(404, 'NoSuchCORSConfiguration') },
      { send: `PUT ${at}?cors`, body: cors, expect: { status: 200 } },
      {
        send: `GET ${at}?cors`,
        expect: { status: 200, body: /<AllowedOrigin>https:\/\/\*\.example\.org</ },
      },
      {
        send: `OPTIONS ${at}/key`,
        headers: { origin: 'https://a.example.org', 'access-control-request-method': 'GET' },
        expect: {
          status: 200,
          headers: { 'access-control-allow-origin': 'https://a.example.org' },
        },
      },
      {
        send: `OPTIONS ${at}/key`,
        headers: { origin: 'https://example.com', 'access-control-request-method': 'GET' },
        expect: code(403, 'AccessForbidden'),
      },
      {
        send: `GET ${at}/key`,
        headers: { origin: 'https://a.example.org' },
        expect: { status: 200, body: 'text', headers: { 'access-control-expose-headers': 'ETag' } },
      },
      { send: `PUT ${at}?cors`, body: '<CORSConfiguration/>', expect: code(400, 'MalformedXML') },
      { send: `DELETE ${at}?cors`, expect: { status: 204 } },
      {
        send: `GET ${at}/key`,
        headers: { origin: 'https://a.example.org' },
        expect: { status: 403 },
      },
    ],
  ),
  s3Case(
    'form',
    ['F14.16'],
    [
      {
        send: `POST ${at}`,
        headers: { 'content-type': formType },
        body: formOf(
          { key: 'posted', 'Content-Type': 'text/x', success_action_status: '201' },
          'text',
        ),
        expect: { status: 201, body: /<PostResponse>.*<Key>posted</s },
      },
      {
        send: `GET ${at}/posted`,
        expect: { status: 200, body: 'text', headers: { 'content-type': 'text/x' } },
      },
      {
        send: `POST ${at}`,
        headers: { 'content-type': formType },
        body: formOf({}, 'text'),
        expect: code(400, 'InvalidArgument'),
      },
      {
        send: `POST ${at}`,
        headers: { 'content-type': formType },
        body: formOf({ key: 'cut' }, 'text').slice(0, -12),
        expect: code(400, 'MalformedPOSTRequest'),
      },
      { send: `HEAD ${at}/cut`, expect: { status: 404 } },
      {
        send: `POST ${at}`,
        headers: { 'content-type': 'text/plain' },
        body: 'a=b',
        expect: code(412, 'PreconditionFailed'),
      },
    ],
  ),
]
