import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { encodeUint64 } from '@aistore-ts/storage-driver/catalog/encoding.ts'
import { openCatalog } from '@aistore-ts/storage-driver/catalog/open-catalog.ts'
import { bareBucket, openBareMountpath } from './bare-mountpath.ts'
import type { Lab } from './lab.ts'
import type { Measure, Subject } from './row.ts'

/** A mountpath whose catalog has rows, and no files: what is asked of it here touches none. */
export interface GrownCatalog {
  readonly bucket: BucketRef
  readonly objects: number
  /** Of the catalog's file. */
  readonly sizeBytes: number
  nameOf(index: number): string
  open(): Promise<Mountpath>
  /** As if its process had died: the next start checks more. */
  forgetStop(): void
}

const sizes = { '1k': 1_000, '100k': 100_000, '1m': 1_000_000 } as const

/** Rows written in one transaction. */
const rowsPerTransaction = 10_000

/** Rows come in no order of their names, as PUTs do. Coprime to every size. */
const stride = 7_919

/** One subject for each size; they are the same over all rows of a run. */
export async function grownSubjects(
  lab: Lab,
  measure: (catalog: GrownCatalog, seconds: number) => Measure | Promise<Measure>,
): Promise<readonly Subject[]> {
  const platform = await createPlatform()
  const subjects: Subject[] = []
  for (const [name, objects] of Object.entries(sizes)) {
    const catalog = await grow(platform, join(lab.dir, `catalog-${name}`), objects)
    subjects.push({ name, measure: async (seconds) => measure(catalog, seconds) })
  }
  return subjects
}

async function grow(platform: Platform, path: string, objects: number): Promise<GrownCatalog> {
  const { files, sqlite } = platform
  if (files === undefined || sqlite === undefined) throw new Error('no disk access')
  const bucket = bareBucket
  const open = () => openBareMountpath(platform, path)
  const nameOf = (index: number) => `images/${String(index % 1_000).padStart(4, '0')}/${index}.jpg`
  const file = `${path}/.ais/catalog.db`
  if (files.lstatSync(path) === undefined) {
    mkdirSync(path)
    const first = await open()
    await first.createBucket(bucket)
    await first.close()
    await fillCatalog(platform, file, bucket.bid, objects, (index) =>
      nameOf((index * stride) % objects),
    )
  }
  return {
    bucket,
    objects,
    nameOf,
    open,
    get sizeBytes() {
      return statSync(file).size
    },
    forgetStop: () => {
      const db = sqlite(file)
      db.exec("UPDATE setting SET value = 'open' WHERE key = 'state'")
      db.close()
    },
  }
}

/** Adds `count` rows to the catalog in `file`, which no process has open, and leaves it closed in order. */
export async function fillCatalog(
  { files, sqlite, sqliteCheckpoint, random }: Platform,
  file: string,
  bid: bigint,
  count: number,
  nameOf: (index: number) => string,
): Promise<void> {
  if (files === undefined || sqlite === undefined || sqliteCheckpoint === undefined) {
    throw new Error('no disk access')
  }
  const { catalog } = openCatalog(file, files, sqlite, false)
  for (let at = 0; at < count; at += rowsPerTransaction) {
    catalog.transaction(() => {
      for (let index = at; index < Math.min(count, at + rowsPerTransaction); index++) {
        catalog.objects.store(encodeUint64(bid), nameOf(index), rowOf(random, index))
      }
    })
    await sqliteCheckpoint(file)
  }
  catalog.settings.store('state', 'closed')
  await catalog.close()
}

function rowOf(random: Random, index: number) {
  const digits = Buffer.from(random.bytes(24)).toString('hex')
  return {
    sizeBytes: 100_000 + index,
    checksumType: 'xxhash2',
    checksumValue: digits.slice(0, 16),
    version: '1',
    atimeNs: 1_700_000_000_123_456_789n + BigInt(index),
    mtimeNs: 1_700_000_000_123_456_789n + BigInt(index),
    generation: digits.slice(16, 48),
    inode: 1_000_000 + index,
    escaped: false,
    upload: '',
    custom: '',
    blocks: 0,
    damaged: false,
    body: 0,
  } as const
}
