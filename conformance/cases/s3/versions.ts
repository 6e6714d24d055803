import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import { at, code, put, s3Case } from './objects.ts'

const versions = ['F14.17']
const lock = ['F14.18']
const lifecycle = ['F14.19']

const versioning = (status: 'Enabled' | 'Suspended'): Step => ({
  send: `PUT ${at}?versioning`,
  body: `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`,
  expect: { status: 200 },
})

/** A PUT whose version ID is `{name}` from then on. */
const putVersion = (key: string, body: string, name: string): Step => ({
  ...put(key, body),
  save: { [name]: { header: 'x-amz-version-id' } },
})

const get = (path: string, body: string): Step => ({
  send: `GET ${at}/${path}`,
  expect: { status: 200, body },
})

const remove = (path: string, headers: Record<string, string> = {}): Step => ({
  send: `DELETE ${at}/${path}`,
  headers,
  expect: { status: 204 },
})

const locks = (rule = ''): Step => ({
  send: `PUT ${at}?object-lock`,
  body: `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>`,
  expect: { status: 200 },
})

const bypass = { 'x-amz-bypass-governance-retention': 'true' }
const retention = (mode: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>`

/** Versions, delete markers, locks and lifecycles of S3, as anybody while the cluster has no users. */
export const s3VersionCases: readonly ConformanceCase[] = [
  s3Case('versions-keep', versions, [
    { send: `GET ${at}?versioning`, expect: { status: 200, body: /^(?!.*<Status>)/s } },
    put('key', 'before'),
    versioning('Enabled'),
    putVersion('key', 'one', 'one'),
    putVersion('key', 'two', 'two'),
    get('key', 'two'),
    get('key?versionId={one}', 'one'),
    get('key?versionId=null', 'before'),
    {
      send: `GET ${at}?versions`,
      expect: { status: 200, body: /(?:<Version>.*?){3}<VersionId>null<\/VersionId>/s },
    },
    { send: `GET ${at}/key?versionId=nonsense`, expect: code(400, 'InvalidArgument') },
    remove('key?versionId={two}'),
    get('key', 'one'),
    { send: `GET ${at}/key?versionId={two}`, expect: code(404, 'NoSuchVersion') },
  ]),
  s3Case('versions-markers', versions, [
    versioning('Enabled'),
    putVersion('key', 'one', 'one'),
    {
      send: `DELETE ${at}/key`,
      expect: { status: 204, headers: { 'x-amz-delete-marker': 'true' } },
      save: { marker: { header: 'x-amz-version-id' } },
    },
    {
      send: `GET ${at}/key`,
      expect: { ...code(404, 'NoSuchKey'), headers: { 'x-amz-delete-marker': 'true' } },
    },
    { send: `GET ${at}/key?versionId={marker}`, expect: code(405, 'MethodNotAllowed') },
    { send: `GET ${at}`, expect: { status: 200, body: /^(?!.*<Key>)/s } },
    get('key?versionId={one}', 'one'),
    remove('key?versionId={marker}'),
    get('key', 'one'),
  ]),
  s3Case('versions-suspended', versions, [
    versioning('Enabled'),
    putVersion('key', 'kept', 'kept'),
    versioning('Suspended'),
    put('key', 'first'),
    put('key', 'second'),
    get('key', 'second'),
    get('key?versionId=null', 'second'),
    remove('key?versionId=null'),
    get('key', 'kept'),
    { send: `GET ${at}/key?versionId=null`, expect: code(404, 'NoSuchVersion') },
  ]),
  s3Case('versions-native', versions, [
    versioning('Enabled'),
    putVersion('key', 'one', 'one'),
    { send: 'PUT /v1/objects/{bucketName}/key', body: 'native', expect: { status: 200 } },
    get('key', 'native'),
    { send: 'GET /v1/objects/{bucketName}/key', expect: { status: 200, body: 'native' } },
    { send: 'DELETE /v1/objects/{bucketName}/key', expect: { status: 200 } },
    { send: 'GET /v1/objects/{bucketName}/key', expect: { status: 404 } },
    get('key?versionId={one}', 'one'),
  ]),
  s3Case('versions-pages', versions, [
    versioning('Enabled'),
    ...['a', 'b'].flatMap((key) => [put(key, 'one'), put(key, 'two')]),
    {
      send: `GET ${at}?versions&max-keys=3`,
      expect: { status: 200, body: /<NextKeyMarker>b<\/NextKeyMarker>/ },
    },
    {
      send: `GET ${at}?versions&key-marker=a`,
      expect: { status: 200, body: /^(?!.*<Key>a<)(?:.*<Key>b<){2}/s },
    },
    {
      send: `GET ${at}?versions&version-id-marker=null`,
      expect: code(400, 'InvalidArgument'),
    },
  ]),
  s3Case('lock-needs-versions', lock, [
    { send: `GET ${at}?object-lock`, expect: code(404, 'ObjectLockConfigurationNotFoundError') },
    { ...locks(), expect: code(409, 'InvalidBucketState') },
    put('key', 'x'),
    {
      send: `PUT ${at}/key?retention`,
      body: retention('GOVERNANCE'),
      expect: code(400, 'InvalidRequest'),
    },
    versioning('Enabled'),
    locks(),
    { ...versioning('Suspended'), expect: code(409, 'InvalidBucketState') },
  ]),
  s3Case('lock-retention', lock, [
    versioning('Enabled'),
    locks(),
    putVersion('key', 'kept', 'kept'),
    {
      send: `PUT ${at}/key?retention`,
      body: retention('GOVERNANCE'),
      expect: { status: 200 },
    },
    {
      send: `HEAD ${at}/key`,
      expect: { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE' } },
    },
    { send: `DELETE ${at}/key?versionId={kept}`, expect: code(403, 'AccessDenied') },
    { send: 'PUT /v1/objects/{bucketName}/key', body: 'native', expect: { status: 200 } },
    { send: 'DELETE /v1/objects/{bucketName}/key', expect: { status: 200 } },
    {
      send: 'DELETE /v1/buckets/{bucketName}',
      json: { action: 'destroy-bck' },
      expect: { status: 403 },
    },
    get('key?versionId={kept}', 'kept'),
    remove('key?versionId={kept}', bypass),
    { send: `GET ${at}/key?versionId={kept}`, expect: code(404, 'NoSuchVersion') },
  ]),
  s3Case('lock-legal-hold', lock, [
    versioning('Enabled'),
    locks(),
    {
      ...putVersion('key', 'held', 'held'),
      headers: { 'x-amz-object-lock-legal-hold': 'ON' },
    },
    {
      send: `DELETE ${at}/key?versionId={held}`,
      headers: bypass,
      expect: code(403, 'AccessDenied'),
    },
    {
      send: `PUT ${at}/key?legal-hold`,
      body: '<LegalHold><Status>OFF</Status></LegalHold>',
      expect: { status: 200 },
    },
    remove('key?versionId={held}'),
  ]),
  s3Case('lock-default-retention', lock, [
    versioning('Enabled'),
    locks(
      '<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>',
    ),
    { send: 'PUT /v1/objects/{bucketName}/key', body: 'native', expect: { status: 200 } },
    {
      send: `HEAD ${at}/key`,
      expect: { status: 200, headers: { 'x-amz-object-lock-mode': 'GOVERNANCE' } },
      save: { made: { header: 'x-amz-version-id' } },
    },
    { send: `DELETE ${at}/key?versionId={made}`, expect: code(403, 'AccessDenied') },
    remove('key?versionId={made}', bypass),
  ]),
  s3Case('lifecycle-documents', lifecycle, [
    { send: `GET ${at}?lifecycle`, expect: code(404, 'NoSuchLifecycleConfiguration') },
    {
      send: `PUT ${at}?lifecycle`,
      body: '<LifecycleConfiguration><Rule><ID>r</ID><Filter><Prefix>p/</Prefix></Filter><Status>Enabled</Status><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration><NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays><NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration><AbortIncompleteMultipartUpload><DaysAfterInitiation>4</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>',
      expect: { status: 200 },
    },
    {
      send: `GET ${at}?lifecycle`,
      expect: {
        status: 200,
        body: /<NoncurrentDays>3<\/NoncurrentDays><NewerNoncurrentVersions>2<.*<DaysAfterInitiation>4</s,
      },
    },
    {
      send: `PUT ${at}?lifecycle`,
      body: '<LifecycleConfiguration><Rule><ID>r</ID><Prefix/><Status>Enabled</Status></Rule></LifecycleConfiguration>',
      expect: code(400, 'InvalidRequest'),
    },
    { send: `DELETE ${at}?lifecycle`, expect: { status: 204 } },
    { send: `GET ${at}?lifecycle`, expect: code(404, 'NoSuchLifecycleConfiguration') },
  ]),
]
