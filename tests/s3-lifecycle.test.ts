import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

/** Passes run a few times a second then. */
const config = { lifecycle: { day_seconds: 1 } }
const patience = { timeout: 20_000, interval: 100 }

describe('the lifecycle of a bucket', () => {
  let server: Server

  beforeAll(async () => {
    server = await startServer({ targets: 2, mountpaths: 2, config })
  })
  afterAll(() => server.stop())

  const call = (method: string, path: string, body?: string, headers?: Record<string, string>) =>
    fetch(`${server.s3Endpoint}/${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(headers === undefined ? {} : { headers }),
    })

  async function keys(bucket: string): Promise<string[]> {
    const text = await (await call('GET', `${bucket}?list-type=2`)).text()
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1] ?? '')
  }

  const rules = (...each: readonly string[]) =>
    `<LifecycleConfiguration>${each.map((rule) => `<Rule><Status>Enabled</Status>${rule}</Rule>`).join('')}</LifecycleConfiguration>`

  it('is kept, told and taken away', async () => {
    await call('PUT', 'kept')
    expect((await call('GET', 'kept?lifecycle')).status).toBe(404)
    const rule = '<ID>a</ID><Prefix>x/</Prefix><Expiration><Days>400</Days></Expiration>'
    expect((await call('PUT', 'kept?lifecycle', rules(rule))).status).toBe(200)
    expect(await (await call('GET', 'kept?lifecycle')).text()).toContain('<Days>400</Days>')
    const put = await call('PUT', 'kept/x/1', 'x')
    expect(put.headers.get('x-amz-expiration')).toMatch(/^expiry-date=".* GMT", rule-id="a"$/)
    const head = await call('HEAD', 'kept/x/1')
    expect(head.headers.get('x-amz-expiration')).toBe(put.headers.get('x-amz-expiration'))
    expect((await call('PUT', 'kept/y', 'y')).headers.has('x-amz-expiration')).toBe(false)
    expect((await call('DELETE', 'kept?lifecycle')).status).toBe(204)
    expect((await call('GET', 'kept?lifecycle')).status).toBe(404)
  })

  it('removes what is due and nothing else, and aborts uploads', async () => {
    await call('PUT', 'due')
    for (let i = 0; i < 20; i++) {
      await call('PUT', `due/old/${i}`, 'x')
      await call('PUT', `due/new/${i}`, 'x')
      await call('PUT', `due/tagged/${i}`, 'x', { 'x-amz-tagging': i < 10 ? 'go=1' : 'go=0' })
    }
    await call('POST', 'due/big?uploads')
    const set = rules(
      '<ID>1</ID><Prefix>old/</Prefix><Expiration><Days>1</Days></Expiration>',
      '<ID>2</ID><Prefix>new/</Prefix><Expiration><Days>4000</Days></Expiration>',
      '<ID>3</ID><Filter><Tag><Key>go</Key><Value>1</Value></Tag></Filter><Expiration><Date>2020-01-01</Date></Expiration>',
      '<ID>4</ID><Prefix/><AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>',
    )
    expect((await call('PUT', 'due?lifecycle', set)).status).toBe(200)
    await vi.waitFor(async () => expect(await keys('due')).toHaveLength(30), patience)
    const left = await keys('due')
    expect(left.filter((key) => key.startsWith('new/'))).toHaveLength(20)
    expect(left.filter((key) => key.startsWith('tagged/1'))).toHaveLength(10)
    await vi.waitFor(async () => {
      const uploads = await (await call('GET', 'due?uploads')).text()
      expect(uploads).not.toContain('<Upload>')
    }, patience)
  })

  it('removes versions that others came after, then the marker that is left', async () => {
    await call('PUT', 'versions')
    const enabled = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>'
    expect((await call('PUT', 'versions?versioning', enabled)).status).toBe(200)
    for (const key of ['kept', 'few', 'deleted', 'over']) {
      for (let i = 0; i < 4; i++) await call('PUT', `versions/${key}/o`, `${i}`)
    }
    expect((await call('DELETE', 'versions/deleted/o')).status).toBe(204)
    const noncurrent = (more: string) =>
      `<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>${more}</NoncurrentVersionExpiration>`
    const set = rules(
      `<ID>1</ID><Prefix>few/</Prefix>${noncurrent('<NewerNoncurrentVersions>2</NewerNoncurrentVersions>')}`,
      `<ID>2</ID><Prefix>deleted/</Prefix>${noncurrent('')}<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>`,
      '<ID>3</ID><Prefix>over/</Prefix><Expiration><Days>1</Days></Expiration>',
    )
    expect((await call('PUT', 'versions?lifecycle', set)).status).toBe(200)
    const told = async () => {
      const text = await (await call('GET', 'versions?versions')).text()
      return [...text.matchAll(/<(Version|DeleteMarker)><Key>(\w+)/g)].map(
        ([, kind, key]) => `${key} ${kind}`,
      )
    }
    const times = (count: number, text: string) => Array.from({ length: count }, () => text)
    const left = [
      ...times(3, 'few Version'),
      ...times(4, 'kept Version'),
      'over DeleteMarker',
      ...times(4, 'over Version'),
    ]
    await vi.waitFor(async () => expect(await told()).toEqual(left), patience)
    const newest = await (await call('GET', 'versions/few/o')).text()
    expect(newest).toBe('3')
  })

  it('does not let a day be shortened', async () => {
    const answer = await fetch(`${server.endpoint}/v1/cluster`, {
      method: 'PUT',
      body: JSON.stringify({ action: 'set-config', value: { lifecycle: { day_seconds: 5 } } }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('day_seconds')
  })
})
