import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { JobClient } from './jobs/client.ts'

let server: Server

/** Passes of lifecycles run a few times a second then. */
const config = { lifecycle: { day_seconds: 1 } }

beforeAll(async () => {
  server = await startServer({ proxies: 2, targets: 2, mountpaths: 2, config })
})
afterAll(() => server.stop())

const s3 = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  fetch(`${server.s3Endpoint}/${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  })

async function nativeCall(method: string, path: string, value?: unknown): Promise<Response> {
  const body = typeof value === 'string' ? value : JSON.stringify(value)
  const init: RequestInit = value === undefined ? { method } : { method, body }
  const first = await fetch(`${server.endpoint}/v1/${path}`, { ...init, redirect: 'manual' })
  const location = first.headers.get('location')
  return location === null ? first : fetch(location, init)
}

const native = async (method: string, path: string, value?: unknown): Promise<number> =>
  (await nativeCall(method, path, value)).status

/** A job of the whole cluster on one bucket, though nothing calls for it. */
function startJob(kind: string, bucket: string): Promise<void> {
  const value = { kind, buckets: [{ name: bucket, provider: 'ais' }], force: true }
  return jobDone('PUT', 'cluster', { action: 'start', value })
}

/** Asks for a job and waits for its end. */
async function jobDone(method: string, path: string, action: unknown): Promise<void> {
  const begun = await nativeCall(method, path, action)
  const id = (await begun.text()).replaceAll('"', '')
  expect(begun.status, id).toBe(200)
  const jobs = new JobClient(server.endpoint)
  await vi.waitFor(
    async () => expect((await jobs.status(id)).end_time).toBeGreaterThan(0),
    patience,
  )
}

const patience = { timeout: 20_000, interval: 100 }
const future = '2100-01-01T00:00:00.000Z'
const locked = {
  'x-amz-object-lock-mode': 'COMPLIANCE',
  'x-amz-object-lock-retain-until-date': future,
}
const retention = (mode: string, until: string) =>
  `<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`

async function makeBucket(name: string, rule?: string): Promise<void> {
  const headers = { 'x-amz-bucket-object-lock-enabled': 'true' }
  expect((await s3('PUT', name, headers)).status).toBe(200)
  if (rule === undefined) return
  const body = `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>${rule}</DefaultRetention></Rule></ObjectLockConfiguration>`
  expect((await s3('PUT', `${name}?object-lock`, {}, body)).status).toBe(200)
}

async function putLocked(path: string, headers: Record<string, string> = locked): Promise<string> {
  const answer = await s3('PUT', path, headers, 'kept')
  expect(answer.status, await answer.text()).toBe(200)
  return answer.headers.get('x-amz-version-id') ?? ''
}

/** Everything by which somebody could get rid of what `path` holds, or of its lock; none of it is told to be harmless. */
const attacks: Readonly<Record<string, (bucket: string, key: string, id: string) => unknown>> = {
  'S3 DELETE': (bucket, key) => s3('DELETE', `${bucket}/${key}`),
  'S3 DELETE of the version': (bucket, key, id) => s3('DELETE', `${bucket}/${key}?versionId=${id}`),
  'S3 DELETE of the version, past governance': (bucket, key, id) =>
    s3('DELETE', `${bucket}/${key}?versionId=${id}`, {
      'x-amz-bypass-governance-retention': 'true',
    }),
  'S3 DeleteObjects': (bucket, key, id) =>
    s3(
      'POST',
      `${bucket}?delete`,
      { 'x-amz-bypass-governance-retention': 'true' },
      `<Delete><Object><Key>${key}</Key><VersionId>${id}</VersionId></Object></Delete>`,
    ),
  'S3 PUT': (bucket, key) => s3('PUT', `${bucket}/${key}`, {}, 'other'),
  'S3 copy onto it': (bucket, key) =>
    s3('PUT', `${bucket}/${key}`, {
      'x-amz-copy-source': `${bucket}/${key}`,
      'x-amz-metadata-directive': 'REPLACE',
    }),
  'S3 shorter retention': (bucket, key, id) =>
    s3(
      'PUT',
      `${bucket}/${key}?retention&versionId=${id}`,
      { 'x-amz-bypass-governance-retention': 'true' },
      retention('COMPLIANCE', '2099-01-01T00:00:00Z'),
    ),
  'S3 no retention': (bucket, key, id) =>
    s3(
      'PUT',
      `${bucket}/${key}?retention&versionId=${id}`,
      { 'x-amz-bypass-governance-retention': 'true' },
      '<Retention/>',
    ),
  'S3 suspended versioning, then a PUT': async (bucket, key) => {
    const body = '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>'
    expect((await s3('PUT', `${bucket}?versioning`, {}, body)).status).toBe(409)
    await s3('PUT', `${bucket}/${key}`, {}, 'other')
  },
  'S3 DeleteBucket': (bucket) => s3('DELETE', bucket),
  'native DELETE': async (bucket, key) => {
    expect(await native('DELETE', `objects/${bucket}/${key}`)).toBe(200)
    expect(await native('GET', `objects/${bucket}/${key}`)).toBe(404)
  },
  'native PUT': async (bucket, key) => {
    expect(await native('PUT', `objects/${bucket}/${key}`, 'other')).toBe(200)
  },
  'native rename': async (bucket, key) => {
    const action = { action: 'rename-obj', name: 'elsewhere' }
    expect(await native('POST', `objects/${bucket}/${key}`, action)).toBe(200)
  },
  'native rename onto it': async (bucket, key) => {
    await native('PUT', `objects/${bucket}/second`, 'other')
    const action = { action: 'rename-obj', name: key }
    expect(await native('POST', `objects/${bucket}/second`, action)).toBe(200)
  },
  'native append': async (bucket, key) => {
    const path = `objects/${bucket}/${key}?append_type`
    const begun = await nativeCall('PUT', `${path}=append&append_handle=`, 'other')
    const handle = encodeURIComponent(begun.headers.get('ais-append-handle') ?? '')
    expect(await native('PUT', `${path}=flush&append_handle=${handle}`)).toBe(200)
    const whole = await nativeCall('GET', `objects/${bucket}/${key}`)
    expect(await whole.text()).toBe('keptother')
  },
  'native custom metadata in place of all': async (bucket, key) => {
    const path = `objects/${bucket}/${key}?set-new-custom=true`
    expect(await native('PATCH', path, { action: '', value: { a: 'b' } })).toBe(200)
    const lock = { 'x-amz-object-lock-mode': 'GOVERNANCE' }
    expect(await native('PATCH', path, { action: '', value: lock })).toBe(400)
  },
  'native destroy-bck': async (bucket) => {
    expect(await native('DELETE', `buckets/${bucket}`, { action: 'destroy-bck' })).toBe(403)
  },
  'native evict-remote-bck': (bucket) =>
    native('DELETE', `buckets/${bucket}`, { action: 'evict-remote-bck' }),
  'a job that deletes what a template names': (bucket) =>
    jobDone('DELETE', `buckets/${bucket}`, {
      action: 'delete-listrange',
      value: { template: '' },
    }),
  'a job that evicts': (bucket, key) =>
    native('DELETE', `buckets/${bucket}`, {
      action: 'evict-listrange',
      value: { objnames: [key] },
    }),
  'a job that copies onto it': async (bucket, key) => {
    const from = `${bucket}-from`
    await makeBucket(from)
    expect(await native('PUT', `objects/${from}/${key}`, 'other')).toBe(200)
    const to = encodeURIComponent(`ais/@#/${bucket}/`)
    await jobDone('POST', `buckets/${from}?bck_to=${to}`, { action: 'copy-bck', value: {} })
    expect(await (await nativeCall('GET', `objects/${bucket}/${key}`)).text()).toBe('other')
  },
  'a job that archives onto it': async (bucket, key) => {
    expect(await native('PUT', `objects/${bucket}/member`, 'other')).toBe(200)
    const tobck = { name: bucket, provider: 'ais' }
    const value = { tobck, archname: key, mime: '.tar', objnames: ['member'] }
    await jobDone('PUT', `buckets/${bucket}`, { action: 'archive', value })
  },
  LRU: (bucket) => startJob('lru', bucket),
  'a cleanup': (bucket) => startJob('cleanup-store', bucket),
  'native reset-bprops': async (bucket) => {
    await native('PATCH', `buckets/${bucket}`, { action: 'reset-bprops' })
    expect((await s3('GET', `${bucket}?object-lock`)).status).toBe(200)
  },
}

describe('a version in retention stays, and so does its lock', () => {
  it.each(Object.keys(attacks))('%s', async (name) => {
    const bucket = `lock-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`
    await makeBucket(bucket)
    const id = await putLocked(`${bucket}/k`)
    await attacks[name]?.(bucket, 'k', id)
    const answer = await s3('GET', `${bucket}/k?versionId=${id}`)
    expect(await answer.text()).toBe('kept')
    expect(answer.headers.get('x-amz-object-lock-mode')).toBe('COMPLIANCE')
    expect(answer.headers.get('x-amz-object-lock-retain-until-date')).toBe(future)
    expect((await s3('DELETE', `${bucket}/k?versionId=${id}`)).status).toBe(403)
  })

  it('through a lifecycle that is long over', async () => {
    await makeBucket('lock-lifecycle')
    const id = await putLocked('lock-lifecycle/k')
    const free = (await s3('PUT', 'lock-lifecycle/k', {}, 'free')).headers.get('x-amz-version-id')
    await s3('PUT', 'lock-lifecycle/k', {}, 'current')
    const rule =
      '<LifecycleConfiguration><Rule><ID>a</ID><Prefix/><Status>Enabled</Status><NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule></LifecycleConfiguration>'
    expect((await s3('PUT', 'lock-lifecycle?lifecycle', {}, rule)).status).toBe(200)
    await vi.waitFor(
      async () => expect((await s3('GET', `lock-lifecycle/k?versionId=${free}`)).status).toBe(404),
      patience,
    )
    expect(await (await s3('GET', `lock-lifecycle/k?versionId=${id}`)).text()).toBe('kept')
  })

  it('through a rename of its bucket', async () => {
    await makeBucket('lock-renamed')
    const id = await putLocked('lock-renamed/k')
    const to = encodeURIComponent('ais/@#/lock-new-name/')
    const move = { action: 'move-bck', name: '', value: null }
    expect(await native('POST', `buckets/lock-renamed?bck_to=${to}`, move)).toBe(200)
    expect((await s3('DELETE', `lock-new-name/k?versionId=${id}`)).status).toBe(403)
    expect(await (await s3('GET', `lock-new-name/k?versionId=${id}`)).text()).toBe('kept')
    expect((await s3('GET', 'lock-new-name?object-lock')).status).toBe(200)
  })
})

describe('a legal hold', () => {
  it('keeps a version until it is taken off, whoever passes by governance', async () => {
    await makeBucket('held')
    const id = await putLocked('held/k', { 'x-amz-object-lock-legal-hold': 'ON' })
    const bypass = { 'x-amz-bypass-governance-retention': 'true' }
    expect((await s3('DELETE', `held/k?versionId=${id}`, bypass)).status).toBe(403)
    const off = '<LegalHold><Status>OFF</Status></LegalHold>'
    expect((await s3('PUT', `held/k?legal-hold&versionId=${id}`, {}, off)).status).toBe(200)
    expect((await s3('DELETE', `held/k?versionId=${id}`)).status).toBe(204)
    // While objects are on the move nobody knows that it is empty.
    await vi.waitFor(async () => expect((await s3('DELETE', 'held')).status).toBe(204), patience)
  })
})

describe('the retention of a bucket', () => {
  const modeOf = async (path: string) =>
    (await s3('HEAD', path)).headers.get('x-amz-object-lock-mode')

  it('is that of every new version, whoever writes it, but for its own', async () => {
    await makeBucket('ruled', '<Mode>GOVERNANCE</Mode><Years>1</Years>')
    await s3('PUT', 'ruled/s3', {}, 'x')
    expect(await native('PUT', 'objects/ruled/native', 'x')).toBe(200)
    await s3('PUT', 'ruled/copied', { 'x-amz-copy-source': 'ruled/s3' })
    await putLocked('ruled/own')
    await native('POST', 'objects/ruled/own', { action: 'rename-obj', name: 'renamed' })
    const begun = await (await s3('POST', 'ruled/parts?uploads')).text()
    const upload = /<UploadId>(.*)<\/UploadId>/.exec(begun)?.[1]
    const part = await s3('PUT', `ruled/parts?partNumber=1&uploadId=${upload}`, {}, 'x')
    const etag = part.headers.get('etag')
    const done = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`
    expect((await s3('POST', `ruled/parts?uploadId=${upload}`, {}, done)).status).toBe(200)
    for (const key of ['s3', 'native', 'copied', 'parts', 'renamed']) {
      expect(await modeOf(`ruled/${key}`), key).toBe('GOVERNANCE')
    }
    const head = await s3('HEAD', 'ruled/s3')
    const until = Date.parse(head.headers.get('x-amz-object-lock-retain-until-date') ?? '')
    const written = Date.parse(head.headers.get('last-modified') ?? '')
    const days = (until - written) / 86_400_000
    expect(days).toBeGreaterThan(364)
    expect(days).toBeLessThan(367)
  })

  it('of the version before is not that of the next', async () => {
    await makeBucket('next')
    await putLocked('next/k')
    expect(await native('PUT', 'objects/next/k', 'x')).toBe(200)
    expect(await modeOf('next/k')).toBeNull()
  })
})

it('is nothing to buckets without it', async () => {
  await s3('PUT', 'plain')
  expect((await s3('PUT', 'plain/k', locked, 'x')).status).toBe(400)
  expect((await s3('GET', 'plain?object-lock')).status).toBe(404)
  const half = { 'x-amz-object-lock-mode': 'GOVERNANCE' }
  await makeBucket('whole')
  expect((await s3('PUT', 'whole/k', half, 'x')).status).toBe(400)
  const past = { ...locked, 'x-amz-object-lock-retain-until-date': '2001-01-01T00:00:00Z' }
  expect((await s3('PUT', 'whole/k', past, 'x')).status).toBe(400)
})
