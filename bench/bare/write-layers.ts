// What each layer of a PUT adds, from our listener alone to a mountpath: `write-layers.ts DIR PORT LAYER`.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Call, Reply } from '@aistore-ts/core/ports/call.ts'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { openMountpath } from '@aistore-ts/storage-driver/mountpath/open-mountpath.ts'
import { dir, nameIn, port } from './parameters.ts'

const layer = process.argv[4] ?? 'listener'
const platform: Platform = await createPlatform()
const bid = new Uint8Array(8).fill(1)
const done: Reply = { status: 200, headers: [] }
let uploads = 0

interface Written {
  readonly name: string
  readonly sizeBytes: number
  readonly inode: number
  readonly mtimeMs: number
  readonly hash: string
  readonly finish: () => void
}

/** Hash, file and rename, in this order: nothing is known of the body but what it is. */
async function takeBody(call: Call): Promise<Omit<Written, 'finish'> & { readonly work: string }> {
  const name = nameIn(call.target)
  const work = `${dir}/.work-${uploads++}`
  const hasher = platform.createHasher('xxhash', call.body.lengthBytes)
  const isFile = layer !== 'hash'
  const fd = isFile ? openSync(work, 'wx+', 0o640) : -1
  let sizeBytes = 0
  await call.body.consume((chunk) => {
    hasher.update(chunk)
    if (isFile) writeSync(fd, chunk, 0, chunk.byteLength, sizeBytes)
    sizeBytes += chunk.byteLength
  })
  const hash = hasher.digestHex()
  if (!isFile) return { name, work, sizeBytes, inode: 0, mtimeMs: 0, hash }
  const { ino, mtimeMs } = fstatSync(fd)
  closeSync(fd)
  return { name, work, sizeBytes, inode: ino, mtimeMs, hash }
}

/** Rows of one turn share a transaction; files get their names behind it. */
function openRows(withIntents: boolean): (row: Written & { readonly work: string }) => void {
  const db = new DatabaseSync(`${dir}/rows.db`)
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY')
  db.exec(
    'CREATE TABLE object (bid BLOB, name TEXT, size INTEGER, hash TEXT, mtime INTEGER, inode INTEGER, PRIMARY KEY (bid, name)) STRICT, WITHOUT ROWID;' +
      ' CREATE TABLE intent (seq INTEGER PRIMARY KEY, name TEXT, work TEXT) STRICT',
  )
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const store = db.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?)')
  const add = db.prepare('INSERT INTO intent VALUES (?, ?, ?)')
  const drop = db.prepare('DELETE FROM intent WHERE seq <= ?')
  let queue: (Written & { readonly work: string })[] = []
  let intents = 0
  const flush = (): void => {
    const rows = queue
    queue = []
    begin.run()
    for (const { name, sizeBytes, hash, mtimeMs, inode, work } of rows) {
      store.run(bid, name, sizeBytes, hash, Math.trunc(mtimeMs), inode)
      if (withIntents && add.run(++intents, name, work) && intents % 256 === 0) {
        drop.run(intents - 64)
      }
    }
    commit.run()
    for (const row of rows) {
      renameSync(row.work, `${dir}/${row.name}`)
      row.finish()
    }
  }
  return (row) => {
    if (queue.push(row) === 1) setImmediate(flush)
  }
}

async function openDisk(): Promise<{ readonly mountpath: Mountpath; readonly bucket: BucketRef }> {
  const { files, sqlite, sqliteCheckpoint, clock, random, createHasher } = platform
  if (files === undefined || sqlite === undefined || sqliteCheckpoint === undefined) {
    throw new Error('no disk')
  }
  const silent = (): void => {}
  const log = { debug: silent, info: silent, warn: silent, error: silent }
  mkdirSync(`${dir}/mp`)
  const mountpath = await openMountpath(`${dir}/mp`, {
    ...{ files, sqlite, sqliteCheckpoint, clock, random, log, createHasher },
  })
  const bck = { name: 'bench', provider: 'ais', namespace: { uuid: '', name: '' } } as const
  const bucket = { bck, bid: 1n }
  await mountpath.createBucket(bucket)
  return { mountpath, bucket }
}

async function handler(): Promise<(call: Call) => Reply | Promise<Reply>> {
  if (layer === 'listener') {
    return async (call) => {
      await call.body.consume(() => {})
      return done
    }
  }
  if (layer === 'hash') return (call) => takeBody(call).then(() => done)
  if (layer === 'file') {
    return async (call) => {
      const { work, name } = await takeBody(call)
      renameSync(work, `${dir}/${name}`)
      return done
    }
  }
  if (layer === 'row' || layer === 'intent') {
    const add = openRows(layer === 'intent')
    return async (call) => {
      const body = await takeBody(call)
      await new Promise<void>((finish) => add({ ...body, finish }))
      return done
    }
  }
  const { mountpath, bucket } = await openDisk()
  return async (call) => {
    const name = nameIn(call.target)
    const { lengthBytes } = call.body
    const hasher = platform.createHasher('xxhash', lengthBytes)
    const draft = await mountpath.draft(bucket, name, {
      sizeBytes: lengthBytes,
      checksumType: 'xxhash',
      durability: 'process',
    })
    await call.body.consume((chunk) => {
      hasher.update(chunk)
      return draft.write(chunk)
    })
    const checksum = { type: 'xxhash', value: hasher.digestHex() } as const
    const atimeNs = platform.clock.nowNs()
    const object = { checksum, version: '', atimeNs, custom: [] }
    await mountpath.commit(bucket, name, draft, object, 'process')
    return done
  }
}

await platform.serve(await handler(), {
  host: '127.0.0.1',
  port,
  network: 'public',
  headerBytesMax: 65_536,
  keepAliveMs: 30_000,
  minRateBytes: 1_024,
  stallMs: 30_000,
  sendBufferBytes: 262_144,
  refuse: () => ({ status: 400, headers: [] }),
  onError: (error) => console.error(error),
})
console.log('ready ')
