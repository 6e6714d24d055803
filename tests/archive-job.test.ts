import { readAll } from '@aistore-ts/core/archive/testing/archive-bench.ts'
import { type Server, startServer } from '@aistore-ts/node-daemon/server/start-server.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

interface Snap {
  readonly id: string
  readonly 'end-time': string
  readonly aborted: boolean
  readonly is_idle?: boolean
  readonly err: string
  readonly 'abort-err': string
  readonly stats: { readonly 'loc-objs': string }
}

describe('archive as a job', () => {
  let server: Server

  const url = (path: string) => `${server.endpoint}/v1/${path}`
  const put = (path: string, body: string) =>
    fetch(url(`objects/${path}`), { method: 'PUT', body: Buffer.from(body) })
  const get = async (path: string) => {
    const answer = await fetch(url(`objects/${path}`))
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : answer.status
  }
  const archive = (bucket: string, value: Record<string, unknown>) =>
    fetch(url(`buckets/${bucket}`), {
      method: 'PUT',
      body: JSON.stringify({ action: 'archive', value }),
    })

  async function snapsOf(id: string): Promise<readonly Snap[]> {
    const body = JSON.stringify({ id })
    const answer = await fetch(url('cluster?what=qryxstats'), {
      method: 'POST',
      headers: { 'X-HTTP-Method-Override': 'GET' },
      body,
    })
    const byTarget: Record<string, readonly Snap[]> = await answer.json()
    return Object.values(byTarget).flat()
  }

  /** Resolves when no target works on the job any more. */
  async function settled(answer: Response): Promise<readonly Snap[]> {
    const id = await answer.text()
    expect([answer.status, id]).toEqual([200, expect.stringMatching(/^[\w-]+$/)])
    for (;;) {
      const snaps = await snapsOf(id)
      const ended = (snap: Snap) => snap.is_idle || !snap['end-time'].startsWith('0001')
      if (snaps.length === 3 && snaps.every(ended)) return snaps
      if (snaps.some((snap) => snap.aborted)) return snaps
    }
  }

  beforeAll(async () => {
    server = await startServer({ targets: 3 })
    for (const bucket of ['src', 'dst']) {
      await fetch(url(`buckets/${bucket}`), {
        method: 'POST',
        body: JSON.stringify({ action: 'create-bck' }),
      })
    }
    for (let i = 0; i < 30; i++) await put(`src/d/o${i}`, `object ${i} `.repeat(i * 100))
    await put('src/other', 'of no prefix')
  })

  afterAll(() => server.stop())

  const content = (i: number) => `object ${i} `.repeat(i * 100)
  const tobck = { name: 'dst', provider: 'ais' }

  for (const format of ['.tar', '.tgz', '.zip', '.tar.lz4'] as const) {
    it(`writes what a list names, in its order, as ${format}`, async () => {
      const objnames = ['d/o7', 'other', 'd/o29', 'd/o0', 'd/o7']
      const archname = `list${format}`
      await settled(await archive('src', { tobck, archname, objnames }))
      const shard = await get(`dst/${archname}`)
      expect(shard).toBeInstanceOf(Uint8Array)
      expect(await readAll(shard as Uint8Array, format)).toEqual([
        ['d/o7', content(7)],
        ['other', 'of no prefix'],
        ['d/o29', content(29)],
        ['d/o0', ''],
      ])
    })
  }

  it('takes a prefix in the order of the names, from all targets', async () => {
    await settled(await archive('src', { tobck, archname: 'p.tar', template: 'd/' }))
    const files = await readAll((await get('dst/p.tar')) as Uint8Array, '.tar')
    const names = Array.from({ length: 30 }, (_, i) => `d/o${i}`).sort()
    expect(files).toEqual(names.map((name) => [name, content(Number(name.slice(3)))]))
  })

  it('takes a range, with base names behind that of the bucket; gaps in it are passed over', async () => {
    const about = { tobck, archname: 'r.tar', template: 'd/o{28..31}', bnonly: true, isbn: true }
    const snaps = await settled(await archive('src', about))
    const files = await readAll((await get('dst/r.tar')) as Uint8Array, '.tar')
    expect(files.map(([name]) => name)).toEqual(['src/o28', 'src/o29'])
    expect(snaps.reduce((sum, { stats }) => sum + Number(stats['loc-objs']), 0)).toBe(2)
  })

  it('replaces a shard, or appends to it', async () => {
    const names = async () =>
      (await readAll((await get('dst/a.tar')) as Uint8Array, '.tar')).map(([name]) => name)
    await settled(
      await archive('src', { tobck, archname: 'a.tar', objnames: ['d/o1'], aate: true }),
    )
    await settled(
      await archive('src', { tobck, archname: 'a.tar', objnames: ['d/o2'], aate: true }),
    )
    expect(await names()).toEqual(['d/o1', 'd/o2'])
    await settled(await archive('src', { tobck, archname: 'a.tar', objnames: ['d/o3'] }))
    expect(await names()).toEqual(['d/o3'])
  })

  it('puts a shard into the bucket itself, and not into itself', async () => {
    const own = { tobck: { name: 'src' }, archname: 'd/self.tar', template: 'd/' }
    await settled(await archive('src', own))
    await settled(await archive('src', own))
    const files = await readAll((await get('src/d/self.tar')) as Uint8Array, '.tar')
    expect(files).toHaveLength(30)
  })

  it('fails as a whole where an object of the list is missing, and says which', async () => {
    await settled(await archive('src', { tobck, archname: 'm.tar', objnames: ['d/o1'] }))
    const snaps = await settled(
      await archive('src', { tobck, archname: 'm.tar', objnames: ['d/o2', 'nobody'] }),
    )
    expect(snaps.some((snap) => snap.aborted && snap['abort-err'].includes('nobody'))).toBe(true)
    const before = await readAll((await get('dst/m.tar')) as Uint8Array, '.tar')
    expect(before.map(([name]) => name)).toEqual(['d/o1'])
    const goesOn = await settled(
      await archive('src', { tobck, archname: 'm.tar', objnames: ['d/o2', 'nobody'], coer: true }),
    )
    expect(goesOn.some(({ err }) => err.includes('nobody'))).toBe(true)
    const after = await readAll((await get('dst/m.tar')) as Uint8Array, '.tar')
    expect(after.map(([name]) => name)).toEqual(['d/o2'])
  })

  it.each([
    ['no known extension', { tobck, archname: 'x.rar', objnames: ['d/o1'] }, 400],
    ['another extension', { tobck, archname: 'x.tar', mime: '.zip', objnames: ['d/o1'] }, 400],
    ['no name', { tobck, objnames: ['d/o1'] }, 400],
    ['a malformed range', { tobck, archname: 'x.tar', template: 'd/{3..1}' }, 400],
    ['no such bucket', { tobck: { name: 'nowhere' }, archname: 'x.tar' }, 404],
  ])('refuses %s', async (_title, value, status) => {
    expect((await archive('src', value)).status).toBe(status)
  })
})
