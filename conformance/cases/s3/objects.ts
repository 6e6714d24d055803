import type { ConformanceCase, Step } from '../../runner/model/case.ts'

const source = 'Amazon S3 API Reference'
export const at = '/s3/{bucketName}'

export const put = (key: string, body: string, headers: Record<string, string> = {}): Step => ({
  send: `PUT ${at}/${key}`,
  headers,
  body,
  expect: { status: 200, headers: { etag: /^"[0-9a-f]{32}"$/ } },
})
export const code = (status: number, name: string) => ({
  status,
  body: new RegExp(`<Code>${name}</Code>`),
})

export function s3Case(
  id: string,
  features: readonly string[],
  steps: readonly Step[],
): ConformanceCase {
  return { id: `s3-${id}`, features, kind: 'required', capabilities: ['s3-open'], source, steps }
}

/** Objects through S3, as anybody while the cluster has no users. */
export const s3ObjectCases: readonly ConformanceCase[] = [
  s3Case(
    'round-trip',
    ['F14.02'],
    [
      put('key', 'hello', { 'content-type': 'text/x', 'x-amz-meta-a': 'b' }),
      {
        send: `GET ${at}/key`,
        expect: {
          status: 200,
          body: 'hello',
          headers: {
            etag: '"5d41402abc4b2a76b9719d911017c592"',
            'content-type': 'text/x',
            'x-amz-meta-a': 'b',
            'accept-ranges': 'bytes',
          },
        },
      },
      { send: `HEAD ${at}/key`, expect: { status: 200, headers: { 'content-length': '5' } } },
    ],
  ),
  s3Case(
    'key-bytes',
    ['F14.02'],
    [
      put('a//b/', 'one'),
      put('a%3Fb%23+c', 'two'),
      { send: `GET ${at}/a//b/`, expect: { status: 200, body: 'one' } },
      { send: `GET ${at}/a%3Fb%23%2Bc`, expect: { status: 200, body: 'two' } },
      { send: `GET ${at}/a/b`, expect: code(404, 'NoSuchKey') },
    ],
  ),
  s3Case(
    'range',
    ['F14.02'],
    [
      put('key', '0123456789'),
      {
        send: `GET ${at}/key`,
        headers: { range: 'bytes=2-4' },
        expect: { status: 206, body: '234', headers: { 'content-range': 'bytes 2-4/10' } },
      },
      {
        send: `GET ${at}/key`,
        headers: { range: 'bytes=10-' },
        expect: code(416, 'InvalidRange'),
      },
      { send: `GET ${at}/key`, headers: { range: 'lines=1-2' }, expect: { status: 200 } },
    ],
  ),
  s3Case(
    'conditional-write',
    ['F14.02'],
    [
      put('key', 'one', { 'if-none-match': '*' }),
      {
        send: `PUT ${at}/key`,
        headers: { 'if-none-match': '*' },
        body: 'two',
        expect: code(412, 'PreconditionFailed'),
      },
      {
        send: `PUT ${at}/absent`,
        headers: { 'if-match': '"x"' },
        body: 'two',
        expect: code(404, 'NoSuchKey'),
      },
      { send: `GET ${at}/key`, expect: { status: 200, body: 'one' } },
    ],
  ),
  s3Case(
    'wrong-digest',
    ['F14.02'],
    [
      {
        send: `PUT ${at}/key`,
        headers: { 'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==' },
        body: 'other',
        expect: code(400, 'BadDigest'),
      },
      {
        send: `PUT ${at}/key`,
        headers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
        body: 'other',
        expect: code(400, 'BadDigest'),
      },
      { send: `HEAD ${at}/key`, expect: { status: 404 } },
    ],
  ),
  s3Case(
    'delete-is-idempotent',
    ['F14.02'],
    [{ send: `DELETE ${at}/never`, expect: { status: 204, body: '' } }],
  ),
  s3Case(
    'delete-many',
    ['F14.05'],
    [
      put('a', '1'),
      {
        send: `POST ${at}?delete`,
        body: '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>',
        expect: { status: 200, body: /<Deleted><Key>a<\/Key>.*<Deleted><Key>b<\/Key>/s },
      },
      { send: `HEAD ${at}/a`, expect: { status: 404 } },
      {
        send: `POST ${at}?delete`,
        body: '<Delete><Object>',
        expect: code(400, 'MalformedXML'),
      },
    ],
  ),
  s3Case(
    'copy',
    ['F14.05'],
    [
      put('from', 'text', { 'x-amz-meta-a': 'b' }),
      {
        send: `PUT ${at}/to`,
        headers: { 'x-amz-copy-source': '/{bucketName}/from' },
        expect: { status: 200, body: /<CopyObjectResult/ },
      },
      {
        send: `GET ${at}/to`,
        expect: { status: 200, body: 'text', headers: { 'x-amz-meta-a': 'b' } },
      },
    ],
  ),
  s3Case(
    'listing',
    ['F14.04'],
    [
      put('a', '1'),
      put('b/1', '1'),
      put('b/2', '1'),
      {
        send: `GET ${at}?list-type=2&delimiter=/`,
        expect: {
          status: 200,
          body: /<Key>a<\/Key>.*<CommonPrefixes><Prefix>b\/<\/Prefix><\/CommonPrefixes>/s,
        },
      },
      {
        send: `GET ${at}?max-keys=2`,
        expect: { status: 200, body: /<IsTruncated>true<\/IsTruncated>/ },
      },
    ],
  ),
  ...['logging', 'encryption', 'website', 'future-thing&website'].map(
    (name): ConformanceCase =>
      s3Case(
        `not-there-${name.replace('&', '-')}`,
        ['F14.12'],
        [
          put('key', 'stays'),
          { send: `DELETE ${at}?${name}`, expect: code(501, 'NotImplemented') },
          { send: `PUT ${at}?${name}`, expect: code(501, 'NotImplemented') },
          { send: `GET ${at}/key`, expect: { status: 200, body: 'stays' } },
        ],
      ),
  ),
  s3Case(
    'unknown-header',
    ['F14.12'],
    [
      {
        send: `PUT ${at}/key`,
        headers: { 'x-amz-server-side-encryption': 'AES256' },
        body: 'x',
        expect: code(501, 'NotImplemented'),
      },
      { send: `HEAD ${at}/key`, expect: { status: 404 } },
    ],
  ),
  s3Case(
    'bucket-not-empty',
    ['F14.01'],
    [
      put('key', 'x'),
      { send: `DELETE ${at}`, expect: code(409, 'BucketNotEmpty') },
      { send: `DELETE ${at}/key`, expect: { status: 204 } },
      { send: `HEAD ${at}`, expect: { status: 200 } },
      { send: 'GET /s3/no-such-bucket-here', expect: code(404, 'NoSuchBucket') },
    ],
  ),
]
