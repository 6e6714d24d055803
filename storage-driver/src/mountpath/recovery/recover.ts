import { encodeHex } from '../../catalog/encoding.ts'
import type { FileIdentity, Intent } from '../../catalog/intent-table.ts'
import { decodeSuperseded, type ObjectRow } from '../../catalog/object-row.ts'
import { workFolder } from '../buckets/bucket-folder.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { placeFile } from '../journal/place-file.ts'
import { uploadPath } from '../journal/superseded.ts'
import { syncDirectories } from '../journal/sync-directories.ts'
import { hashFile } from '../objects/hash-file.ts'
import { nameForm } from '../objects/object-name.ts'
import { objectPath } from '../objects/object-path.ts'

/** What recovery found to do; for the log. */
export interface RecoveryReport {
  readonly intents: number
  /** Names that went back to an older row, or to none. */
  readonly fallenBack: number
}

/**
 * Finishes, or takes back, every change whose intent is still there. Per name, newest intent first: its file is at the
 * final path, or can be renamed to it; else the next older one, at last the superseded row. A file is known by
 * its inode, size and time, so that a rename that the disk forgot is found wherever the file lies now. Content
 * that was not synced is believed only with the right checksum, within `recoverVerifyBytesMax`.
 */
export async function recover(context: MountpathContext): Promise<RecoveryReport> {
  const { catalog, directories, files } = context
  const intents = catalog.intents.all()
  if (intents.length === 0) return { intents: 0, fallenBack: 0 }

  let fallenBack = 0
  for (const bucket of context.buckets.all()) {
    const key = encodeHex(bucket.bid)
    const own = intents.filter((intent) => encodeHex(intent.bid) === key)
    if (own.length > 0) fallenBack += await recoverBucket(context, bucket, own)
  }
  await syncDirectories(files, directories.takeTouched())
  context.crashPoint('recovery-synced')
  const numbers = intents.map(({ seq }) => seq)
  catalog.transaction(() => {
    catalog.intents.drop(numbers.at(-1) ?? 0, numbers[0] ?? 0)
  })
  await catalog.sync()
  return { intents: intents.length, fallenBack }
}

async function recoverBucket(
  context: MountpathContext,
  bucket: LocalBucket,
  intents: readonly Intent[],
): Promise<number> {
  const { catalog, files, directories } = context
  const places = collectPlaces(intents)
  const verifier = createVerifier(context)
  for (const intent of intents) if (intent.kind === 'part') recoverPart(context, bucket, intent)
  for (const intent of intents) rescueMoved(context, bucket, intent)

  const names = new Map<string, Intent[]>()
  for (const intent of intents) {
    if (intent.kind === 'part') continue
    const chain = names.get(intent.name)
    if (chain === undefined) names.set(intent.name, [intent])
    else chain.push(intent)
  }

  let fallenBack = 0
  const kept = new Set<string>()
  const uploads = new Set<string>()
  /** Of block checksums: those that the rows of these names speak of, and those that one of them keeps. */
  const lists = new Set(intents.map(({ superseded }) => decodeSuperseded(superseded)?.blocks ?? 0))
  const keptLists = new Set<number>()
  for (const [name, chain] of names) {
    const before = catalog.objects.load(bucket.bid, name)
    const after = await recoverName(context, bucket, name, chain, before, places, verifier)
    context.crashPoint('name-recovered')
    lists.add(before?.blocks ?? 0)
    keptLists.add(after?.blocks ?? 0)
    if (after?.generation !== before?.generation) fallenBack++
    if (after === undefined) catalog.objects.remove(bucket.bid, name)
    else if (after !== before) catalog.objects.store(bucket.bid, name, after)
    if (after !== undefined && after.upload === '') kept.add(objectPath(name, after.escaped))
    if (after !== undefined && after.upload !== '') uploads.add(after.upload)
  }

  for (const path of new Set([...places.values()].flatMap((paths) => [...paths]))) {
    if (kept.has(path)) continue
    if (files.lstatSync(`${bucket.root}/${path}`)?.kind !== 'file') continue
    files.unlinkSync(`${bucket.root}/${path}`)
    directories.touchParent(`${bucket.root}/${path}`)
  }
  for (const upload of replacedUploads(intents)) {
    if (uploads.has(upload)) continue
    catalog.uploads.removeParts(bucket.bid, upload)
    await files.removeTree(uploadPath(bucket, upload))
  }
  for (const id of lists) if (!keptLists.has(id)) catalog.blocks.remove(id)
  return fallenBack
}

/** Every path where a file of these intents may lie, by the file's identity. */
function collectPlaces(intents: readonly Intent[]): Map<string, Set<string>> {
  const places = new Map<string, Set<string>>()
  const add = (file: FileIdentity, path: string): void => {
    if (path === '') return
    const key = identityKey(file)
    const paths = places.get(key)
    if (paths === undefined) places.set(key, new Set([path]))
    else paths.add(path)
  }
  for (const intent of intents) {
    if (intent.kind === 'part') continue
    const finals = finalPaths(intent.name)
    const old = decodeSuperseded(intent.superseded)
    for (const path of [intent.source, ...finals]) add(intent.file, path)
    if (intent.kind === 'move') add(intent.file, rescuePath(intent))
    if (old !== undefined && old.upload === '') for (const path of finals) add(old, path)
  }
  return places
}

/** Where the file of a lost rename waits for its turn; the same in every recovery, so that none loses track of it. */
function rescuePath({ seq }: Intent): string {
  return `${workFolder}/rescued.${seq}`
}

/**
 * A file whose rename the disk forgot lies at the path of its old name, which a newer object of that name may be
 * about to take: it is moved out of the way first.
 */
function rescueMoved(context: MountpathContext, bucket: LocalBucket, intent: Intent): void {
  if (intent.kind !== 'move' || intent.source === '') return
  const source = `${bucket.root}/${intent.source}`
  const stat = context.files.lstatSync(source)
  if (stat?.kind !== 'file' || identityKey(stat) !== identityKey(intent.file)) return
  placeFile(context, source, `${bucket.root}/${rescuePath(intent)}`)
  context.directories.touchParent(source)
}

/** Both places of a name: a recovery that did not end may have moved the file from one to the other. */
function finalPaths(name: string): readonly string[] {
  const escaped = objectPath(name, true)
  return nameForm(name) === 'plain' ? [objectPath(name, false), escaped] : [escaped]
}

function identityKey(file: FileIdentity): string {
  return `${file.inode}:${file.sizeBytes}:${file.mtimeNs}`
}

type Verifier = (path: string, row: ObjectRow) => Promise<boolean>

/** Believes synced content, and checks the rest by its checksum as long as the budget lasts. */
function createVerifier(context: MountpathContext): Verifier {
  let budgetBytes = context.limits.recoverVerifyBytesMax
  return async (path, row) => {
    if (row.checksumType === 'none' || row.sizeBytes > budgetBytes) return true
    budgetBytes -= row.sizeBytes
    const fd = context.files.openSync(path, 'read')
    try {
      return (await hashFile(context, fd, row.sizeBytes, row.checksumType)) === row.checksumValue
    } finally {
      context.files.closeSync(fd)
    }
  }
}

/** The row that holds for `name`, its file being at its path. */
async function recoverName(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  chain: readonly Intent[],
  newest: ObjectRow | undefined,
  places: ReadonlyMap<string, ReadonlySet<string>>,
  verifier: Verifier,
): Promise<ObjectRow | undefined> {
  // Its content is in the catalog: nothing older counts.
  if (newest !== undefined && newest.body !== 0) return newest
  let row = newest
  for (const intent of chain) {
    if (intent.kind === 'remove' || row === undefined) return undefined
    if (intent.kind === 'manifest') {
      if (hasAllParts(context, bucket, row)) return row
    } else {
      const placed = placeKnownFile(context, bucket, name, row, intent, places)
      if (placed !== undefined) {
        const path = `${bucket.root}/${objectPath(name, placed.escaped)}`
        if (intent.synced || (await verifier(path, placed))) return placed
      }
    }
    context.log.warn('unfinished content was lost: the object goes back to its older version', {
      name,
      mountpath: context.path,
    })
    row = decodeSuperseded(intent.superseded)
  }
  return row
}

/** Looks for the file of `intent` at its final path first; `undefined` when it is nowhere. */
function placeKnownFile(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  row: ObjectRow,
  intent: Intent,
  places: ReadonlyMap<string, ReadonlySet<string>>,
): ObjectRow | undefined {
  const wanted = identityKey(intent.file)
  const isThere = (path: string): boolean => {
    const stat = context.files.lstatSync(`${bucket.root}/${path}`)
    return stat?.kind === 'file' && identityKey(stat) === wanted
  }
  const target = objectPath(name, row.escaped)
  if (isThere(target)) return row
  const source = [...(places.get(wanted) ?? [])].find(isThere)
  if (source === undefined) return undefined
  if (placeFile(context, `${bucket.root}/${source}`, `${bucket.root}/${target}`)) return row
  placeFile(context, `${bucket.root}/${source}`, `${bucket.root}/${objectPath(name, true)}`)
  return { ...row, escaped: true }
}

function hasAllParts({ catalog, files }: MountpathContext, bucket: LocalBucket, row: ObjectRow) {
  return catalog.uploads.parts(bucket.bid, row.upload).every((part) => {
    const stat = files.lstatSync(`${uploadPath(bucket, row.upload)}/${part.file}`)
    return stat?.sizeBytes === part.sizeBytes
  })
}

/** A part whose file is neither at its place nor in the work area was never a part. */
function recoverPart(context: MountpathContext, bucket: LocalBucket, intent: Intent): void {
  const { catalog, files } = context
  const target = `${bucket.root}/${intent.target}`
  if (files.lstatSync(target) !== undefined) return
  const source = `${bucket.root}/${intent.source}`
  if (files.lstatSync(source) !== undefined) {
    placeFile(context, source, target)
    return
  }
  const file = intent.target.slice(intent.target.lastIndexOf('/') + 1)
  const part = catalog.uploads
    .parts(bucket.bid, intent.name)
    .find((candidate) => candidate.file === file)
  if (part !== undefined) catalog.uploads.removePart(bucket.bid, intent.name, part.partNumber)
}

/** Uploads that were the content of a row which an intent replaced or removed. */
function replacedUploads(intents: readonly Intent[]): readonly string[] {
  return intents
    .filter(({ kind }) => kind !== 'part')
    .flatMap(({ superseded }) => decodeSuperseded(superseded)?.upload ?? [])
    .filter((upload) => upload !== '')
}
