import type { Dirent } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Answered, Request } from './exchange.ts'
import { type GatewayInProcess, plainRequest, startGatewayInProcess } from './gateway-in-process.ts'
import { faultOf, inPath, nextName } from './names.ts'
import { Seeded } from './seeded.ts'

/** UTF-8 bytes of a name. */
const bytesMax = { s3: 1_024, native: 3_000 }

/** What is wrong, at most so many times. */
const problemsMax = 20

/** Names that are there at once; the oldest goes then. */
const keptMax = 2_000

export interface NamesOutcome {
  /** How often each way in took a name, and refused one. */
  readonly taken: ReadonlyMap<string, number>
  readonly refused: ReadonlyMap<string, number>
  readonly problems: readonly string[]
}

/** A way to write content under a name. Answers with the last reply that decided about it. */
interface Entry {
  readonly api: keyof typeof bytesMax
  write(name: string, content: string): Promise<Answered>
  /** What was there stays, before it. */
  readonly appends?: boolean
}

function header(answered: Answered, name: string): string {
  return answered.headers.find(([one]) => one.toLowerCase() === name)?.[1] ?? ''
}

const action = (value: unknown) => JSON.stringify(value)

/** XML has no such characters, however they are written. */
const notInXml = (name: string) =>
  /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(name)

/** All ways in that there are, for the bucket `names`. */
function entriesOf(gateway: GatewayInProcess, random: Seeded): Readonly<Record<string, Entry>> {
  const { ask, askNode } = gateway
  const s3 = (
    method: string,
    name: string,
    query = '',
    body = '',
    more: Request['headers'] = [],
  ) => {
    const plain = plainRequest(method, `/names/${inPath(name, random)}${query}`, body)
    return ask({ ...plain, headers: [...plain.headers, ...more] })
  }
  /** Follows redirects, as native clients do. */
  async function native(method: string, path: string, body = ''): Promise<Answered> {
    const first = await askNode(plainRequest(method, path, body))
    if (first.status !== 307 && first.status !== 301) return first
    const to = new URL(header(first, 'location'))
    const raw = header(first, 'location').slice(to.origin.length)
    return askNode(plainRequest(method, raw, body), to.origin)
  }
  const objects = (name: string) => `/v1/objects/names/${inPath(name, random)}`
  const source = async (content: string) => {
    await native('PUT', '/v1/objects/names/source', content)
  }
  return {
    'S3 PUT': { api: 's3', write: (name, content) => s3('PUT', name, '', content) },
    'S3 copy': {
      api: 's3',
      async write(name, content) {
        await source(content)
        return s3('PUT', name, '', '', [['x-amz-copy-source', 'names/source']])
      },
    },
    'S3 form': {
      api: 's3',
      write(name, content) {
        const form = `--b\r\nContent-Disposition: form-data; name="key"\r\n\r\n${name}\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n${content}\r\n--b--\r\n`
        const plain = plainRequest('POST', '/names', form)
        const type = ['content-type', 'multipart/form-data; boundary=b'] as const
        return ask({ ...plain, headers: [...plain.headers, type] })
      },
    },
    'S3 parts': {
      api: 's3',
      async write(name, content) {
        const begun = await s3('POST', name, '?uploads')
        const id = /<UploadId>([^<]*)</.exec(begun.text)?.[1]
        if (id === undefined) return begun
        const part = await s3('PUT', name, `?partNumber=1&uploadId=${id}`, content)
        const named = `<Part><PartNumber>1</PartNumber><ETag>${header(part, 'etag')}</ETag></Part>`
        const all = `<CompleteMultipartUpload>${named}</CompleteMultipartUpload>`
        return s3('POST', name, `?uploadId=${id}`, all)
      },
    },
    'native PUT': {
      api: 'native',
      write: (name, content) => native('PUT', objects(name), content),
    },
    'easy URL': {
      api: 'native',
      write: (name, content) => native('PUT', `/ais/names/${inPath(name, random)}`, content),
    },
    'native rename': {
      api: 'native',
      async write(name, content) {
        await source(content)
        const body = action({ action: 'rename-obj', name })
        return native('POST', '/v1/objects/names/source', body)
      },
    },
    'native copy': {
      api: 'native',
      async write(name, content) {
        await source(content)
        const to = encodeURIComponent(`ais/@#/names/${name}`)
        return native('PUT', `/v1/objects/names/source?object_to=${to}`)
      },
    },
    'native append': {
      api: 'native',
      appends: true,
      async write(name, content) {
        const begun = await native('PUT', `${objects(name)}?append_type=append`, content)
        const handle = encodeURIComponent(header(begun, 'ais-append-handle'))
        if (begun.status !== 200) return begun
        return native('PUT', `${objects(name)}?append_type=flush&append_handle=${handle}`)
      },
    },
    'native parts': {
      api: 'native',
      async write(name, content) {
        const begun = await native('POST', objects(name), action({ action: 'mpt-upload' }))
        if (begun.status !== 200) return begun
        const id = encodeURIComponent(begun.text)
        await native('PUT', `${objects(name)}?uploadId=${id}&partNumber=1`, content)
        const value = [{ 'part-number': 1 }]
        const all = action({ action: 'mpt-complete', value })
        return native('POST', `${objects(name)}?uploadId=${id}`, all)
      },
    },
  }
}

/** Everything below `root`. Nodes still take folders away that they need no more: then it is read again. */
async function allBelow(root: string): Promise<Dirent[]> {
  for (;;) {
    try {
      return await readdir(root, { recursive: true, withFileTypes: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    }
  }
}

/** Every file below `root`, but what is a node's own: its disks' content and its state. */
async function strangers(root: string): Promise<string[]> {
  const entries = await allBelow(root)
  return entries
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter(
      (path) =>
        !/^\/deep\/er\/data\/(?:proxy|target)-\d\/(?:conf|log|mp1\/\.ais)(?:\/|$)/.test(path),
    )
    .filter(
      (path) => !/^\/deep\/er\/data\/target-\d\/mp1\/@ais\/names\/%(?:ob|ox|wk|ch)\//.test(path),
    )
    .sort()
}

/** Writes, reads, lists and deletes under names of all kinds by every way in. */
export async function fuzzNames(options: {
  readonly names: number
  readonly seed: number
}): Promise<NamesOutcome> {
  const random = new Seeded(options.seed)
  const root = await mkdtemp(join(tmpdir(), 'names-'))
  const gateway = await startGatewayInProcess(join(root, 'deep/er/data'))
  const taken = new Map<string, number>()
  const refused = new Map<string, number>()
  const problems: string[] = []
  const there = new Map<string, string>()
  const count = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1)
  const { ask } = gateway
  const readBack = (name: string) => ask(plainRequest('GET', `/names/${inPath(name, random)}`))

  async function tryOne(way: string, entry: Entry): Promise<void> {
    const name = nextName(random)
    if (name === 'source') return
    const fault =
      faultOf(name, bytesMax[entry.api]) ??
      (entry.api === 'native' && name.endsWith('/') ? 'slash' : undefined)
    const written = `content ${random.below(1e9)}`
    const { status, text } = await entry.write(name, written)
    const content = entry.appends ? (there.get(name) ?? '') + written : written
    const shown = `${way} ${JSON.stringify(name.slice(0, 100))} (${Buffer.byteLength(name)} bytes)`
    if (fault === undefined ? status !== 200 && status !== 204 : status < 400 || status > 499) {
      problems.push(`${shown}: ${status}, and is ${fault ?? 'right'}: ${text.slice(0, 200)}`)
    }
    if (status >= 300) return void count(refused, way)
    count(taken, way)
    there.set(name, content)
    if (Buffer.byteLength(name) > bytesMax.s3) return
    const got = await readBack(name)
    if (got.text === content) return
    problems.push(`${shown}: not read back: ${got.status} ${got.text.slice(0, 200)}`)
  }

  async function removeOne(): Promise<void> {
    const [name] = there.keys()
    if (name === undefined) return
    there.delete(name)
    const path = `/v1/objects/names/${inPath(name, random)}`
    const byXml =
      Buffer.byteLength(name) <= bytesMax.s3 && !notInXml(name) && !/[\r\n\t]/.test(name)
    if (byXml) {
      const key = name.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`)
      const body = `<Delete><Object><Key>${key}</Key></Object></Delete>`
      const answered = await ask(plainRequest('POST', '/names?delete', body))
      if (!answered.text.includes('<Deleted>')) problems.push(`${name}: ${answered.text}`)
    } else {
      const first = await gateway.askNode(plainRequest('DELETE', path))
      const to = new URL(header(first, 'location'))
      const raw = header(first, 'location').slice(to.origin.length)
      const { status } = await gateway.askNode(plainRequest('DELETE', raw), to.origin)
      if (status !== 200 && status !== 204) problems.push(`${name}: delete: ${status}`)
    }
  }

  /** Names of the bucket by the native listing, which leaves none out. */
  async function listed(): Promise<string[]> {
    const body = action({ action: 'list', value: { flags: '0', pagesize: 10_000 } })
    const { text } = await gateway.askNode(plainRequest('GET', '/v1/buckets/names', body))
    const page: { entries?: { name: string }[] } = JSON.parse(text)
    return (page.entries ?? []).map(({ name }) => name).sort()
  }

  try {
    await ask(plainRequest('PUT', '/names'))
    const entries = Object.entries(entriesOf(gateway, random))
    await entries[4]?.[1].write('first', 'x')
    there.set('first', 'x')
    const before = await strangers(root)
    for (let at = 0; at < options.names && problems.length < problemsMax; at++) {
      const [way, entry] = random.pick(entries)
      await tryOne(way, entry)
      if (there.size > keptMax || random.chance(0.2)) await removeOne()
    }
    const after = await strangers(root)
    const more = after.filter((path) => !before.includes(path))
    for (const path of more) problems.push(`a file where none belongs: ${path}`)
    const names = (await listed()).filter((name) => name !== 'source')
    const known = [...there.keys()].sort()
    if (names.join('\n') !== known.join('\n')) {
      problems.push(`listed ${names.length} names, wrote ${known.length}`)
    }
    for (const [name, content] of there) {
      if (Buffer.byteLength(name) > bytesMax.s3) continue
      const { text } = await readBack(name)
      if (text !== content) problems.push(`${name}: another content: ${text}`)
    }
    return { taken, refused, problems }
  } finally {
    await gateway.stop()
    await rm(root, { recursive: true, force: true })
  }
}
