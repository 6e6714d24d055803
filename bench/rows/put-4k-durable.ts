import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { bareBucket, openBareMountpath } from '../harness/bare-mountpath.ts'
import type { Row, Subject } from '../harness/row.ts'

/** Commits under way at once. */
const inFlight = 64

/** Names, each written again and again, but hardly within the second in which a small body waits for its file. */
const names = 20_000

const body = new Uint8Array(4 * 1024).fill(0x61)

/** Writes one body under `name`, and resolves when it is safe. */
type Put = (name: string) => Promise<void>

/** What is measured, on a folder of its own. */
interface Store {
  readonly put: Put
  /** Resolves when everything has its place. */
  close(): Promise<void>
}

/** A body that is not larger needs no file before its acknowledgement; none is smaller than nothing. */
const inlineMax = { files: -1, inline: 64 * 1024 } as const

/** Each body has a sync and a transaction of its own: what a program does that does not think of it. */
async function openPlain({ files, sqlite, createHasher }: Platform, path: string): Promise<Store> {
  if (files === undefined || sqlite === undefined) throw new Error('no disk access')
  const db = sqlite(join(path, 'catalog.sqlite'))
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  db.exec('CREATE TABLE object (name TEXT PRIMARY KEY, size INT, sum TEXT) WITHOUT ROWID')
  const store = db.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?)')
  let works = 0
  let open = true
  return {
    async put(name) {
      const work = join(path, `work.${works++}`)
      const hasher = createHasher('xxhash2')
      hasher.update(body)
      const fd = files.openSync(work, 'create')
      try {
        files.writeSync(fd, body, 0)
        await files.fsync(fd)
      } finally {
        files.closeSync(fd)
      }
      store.run(name, body.byteLength, hasher.digestHex())
      files.renameSync(work, join(path, name))
    },
    close: async () => {
      if (open) db.close()
      open = false
    },
  }
}

async function openStore(
  platform: Platform,
  path: string,
  name: keyof typeof inlineMax,
): Promise<Store> {
  const limits = { inlineBytesMax: inlineMax[name] }
  const mountpath = await openBareMountpath(platform, path, limits)
  await mountpath.createBucket(bareBucket)
  return {
    put: (name) => putOne(mountpath, platform, `o/${name}`),
    close: () => mountpath.close(),
  }
}

async function putOne(mountpath: Mountpath, platform: Platform, name: string): Promise<void> {
  const hasher = platform.createHasher('xxhash2')
  const hints = { sizeBytes: body.byteLength, durability: 'disk' } as const
  const draft = await mountpath.draft(bareBucket, name, hints)
  hasher.update(body)
  await draft.write(body)
  const checksum = { type: 'xxhash2', value: hasher.digestHex() } as const
  const object = { checksum, version: '1', atimeNs: platform.clock.nowNs(), custom: [] }
  await mountpath.commit(bareBucket, name, draft, object, 'disk')
}

/** On the disk that holds the system's temporary folder: memory would hide what a sync costs. */
function subjectOf(name: string, open: (path: string) => Promise<Store>): Subject {
  return {
    name,
    async measure(seconds) {
      const path = mkdtempSync(join(tmpdir(), 'bench-durable-'))
      const store = await open(path)
      try {
        const latencies: number[] = []
        const startedAt = performance.now()
        let next = 0
        const client = async () => {
          while (performance.now() - startedAt < seconds * 1_000) {
            const began = performance.now()
            await store.put(`o${(next++ * 7_919) % names}`)
            latencies.push(performance.now() - began)
          }
        }
        await Promise.all(Array.from({ length: inFlight }, client))
        // What was acknowledged and has no file yet is work still owed.
        await store.close()
        const value = (latencies.length * 1_000) / (performance.now() - startedAt)
        latencies.sort((a, b) => a - b)
        const at = (share: number) =>
          Math.round(latencies[Math.floor(latencies.length * share)] ?? 0)
        return { value, p50Ms: at(0.5), p99Ms: at(0.99) }
      } finally {
        await store.close()
        rmSync(path, { recursive: true, force: true })
      }
    },
  }
}

/** The same process, disk and names, a minute long; the time until every body has its file is part of it. */
export const put4kDurable: Row = {
  name: 'put-4k-durable',
  question: 'How many PUTs of 4 KiB, safe against power loss, does a mountpath take, 64 at once?',
  unit: 'requests/s',
  reference: 'plain',
  goals: { inline: 4 },
  seconds: 60,
  warmsUp: true,
  async subjects() {
    const platform = await createPlatform()
    return [
      subjectOf('plain', (path) => openPlain(platform, path)),
      subjectOf('files', (path) => openStore(platform, path, 'files')),
      subjectOf('inline', (path) => openStore(platform, path, 'inline')),
    ]
  },
}
