import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { ObjectRow } from '../../catalog/object-row.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { blockBytes, createBlockSums } from '../objects/block-sums.ts'
import { hashFile } from '../objects/hash-file.ts'
import { escapedFolder, parseObjectPath, plainFolder } from '../objects/object-path.ts'
import { adoptChunks } from '../uploads/adopt-chunks.ts'
import { generationOfTime } from '../versions/generations.ts'

/** Checksum type of adopted objects: upstream's default. */
const adoptedChecksum = 'xxhash2'

/** What one walk did. */
export interface ScanResult {
  readonly adopted: number
  /** Files that are too young, or have an intent open: to be looked at again. */
  readonly postponed: number
}

/**
 * Adopts files without a row in every bucket. A file is left for later while it changed within `adoptAgeMs`, or
 * while an intent of its name is open: a tombstone's file may only wait for its unlink.
 */
export async function scanFiles(
  context: MountpathContext,
  signal: AbortSignal,
): Promise<ScanResult> {
  let adopted = 0
  let postponed = 0
  for (const bucket of context.buckets.all()) {
    adopted += await adoptChunks(context, bucket)
    for (const folder of [plainFolder, escapedFolder]) {
      for await (const path of walk(context, bucket, folder)) {
        if (signal.aborted) return { adopted, postponed }
        const outcome = await adopt(context, bucket, path)
        if (outcome === 'adopted') adopted++
        if (outcome === 'postponed') postponed++
      }
    }
  }
  return { adopted, postponed }
}

/** Regular files below a bucket's folder, as paths from there. */
async function* walk(
  { files }: MountpathContext,
  bucket: LocalBucket,
  folder: string,
): AsyncGenerator<string> {
  const folders = [folder]
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    for (const entry of await files.readDirectory(`${bucket.root}/${next}`)) {
      const path = `${next}/${entry.name}`
      if (entry.kind === 'directory') folders.push(path)
      if (entry.kind === 'file') yield path
    }
  }
}

type Outcome = 'adopted' | 'postponed' | 'left'

async function adopt(
  context: MountpathContext,
  bucket: LocalBucket,
  path: string,
): Promise<Outcome> {
  const { catalog, clock, files, journal, limits } = context
  const place = parseObjectPath(path)
  if (place === undefined) return 'left'
  const { name, escaped } = place
  if (catalog.objects.load(bucket.bid, name) !== undefined) return 'left'
  const before = files.lstatSync(`${bucket.root}/${path}`)
  if (before === undefined) return 'left'
  const ageMs = clock.now() - Number(changedNs(before) / 1_000_000n)
  if (ageMs < limits.adoptAgeMs || catalog.intents.has(bucket.bid, name)) return 'postponed'

  const { sum, sums } = await sumsOf(context, `${bucket.root}/${path}`, before)
  return journal.submit({
    durability: 'process',
    frees: false,
    apply: (): Outcome => {
      if (context.buckets.find(bucket.ref.bid) !== bucket) return 'left'
      if (catalog.objects.load(bucket.bid, name) !== undefined) return 'left'
      if (catalog.intents.has(bucket.bid, name)) return 'postponed'
      const now = files.lstatSync(`${bucket.root}/${path}`)
      if (now === undefined) return 'left'
      if (now.inode !== before.inode || changedNs(now) !== changedNs(before)) return 'postponed'
      const buried = catalog.tombstones.find(bucket.bid, name)
      const generation = adoptedGeneration(context, now, buried)
      if (generation === undefined) return 'left'
      const blocks = sums === undefined ? 0 : catalog.blocks.add(bucket.bid, sums)
      catalog.objects.store(
        bucket.bid,
        name,
        adoptedRow(context, now, sum, escaped, blocks, generation),
      )
      return 'adopted'
    },
  })
}

/** The later of content and attribute change: a copy may set the former back. */
function changedNs({ ctimeNs, mtimeNs }: FileStat): bigint {
  if (ctimeNs > mtimeNs) return ctimeNs
  return mtimeNs
}

/** The whole file's checksum and, when it is longer than one block, those of its blocks. */
async function sumsOf(
  context: MountpathContext,
  path: string,
  { sizeBytes }: FileStat,
): Promise<{ readonly sum: string; readonly sums: Uint8Array | undefined }> {
  const blocks = sizeBytes > blockBytes ? createBlockSums(context) : undefined
  const fd = context.files.openSync(path, 'read')
  try {
    const sum = await hashFile(context, fd, sizeBytes, adoptedChecksum, blocks?.update)
    return { sum, sums: blocks?.finish() }
  } finally {
    context.files.closeSync(fd)
  }
}

/**
 * A file that somebody put there is a new version. One whose row is lost with the catalog is of an unknown one: whatever
 * another disk or target knows of the name is newer; so it is gone (`undefined`) if it was buried since.
 */
function adoptedGeneration(
  context: MountpathContext,
  { mtimeNs }: FileStat,
  buried: string | undefined,
): string | undefined {
  if (context.catalog.settings.load('rebuild') === undefined) return context.nextGeneration(buried)
  return buried === undefined ? generationOfTime(mtimeNs) : undefined
}

function adoptedRow(
  context: MountpathContext,
  stat: FileStat,
  sum: string,
  escaped: boolean,
  blocks: number,
  generation: string,
): ObjectRow {
  return {
    sizeBytes: stat.sizeBytes,
    checksumType: adoptedChecksum,
    checksumValue: sum,
    version: '1',
    atimeNs: context.clock.nowNs(),
    mtimeNs: stat.mtimeNs,
    generation,
    inode: stat.inode,
    escaped,
    upload: '',
    custom: '',
    blocks,
    damaged: false,
    body: 0,
  }
}
