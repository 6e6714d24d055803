import { AisError, isAisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { Draft, DraftHints } from '@aistore-ts/core/ports/mountpath.ts'
import { workFolder } from '../buckets/bucket-folder.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { fileErrorCode, isNoSpace, noSpaceError } from '../disk/file-error.ts'
import { type BlockSums, blockBytes, blockSumBytes, createBlockSums } from './block-sums.ts'
import { createWriteBehind, type WriteBehind } from './write-behind.ts'

/** A body in the work area, before it becomes an object or a part. */
export interface WorkFile extends Draft {
  readonly bucket: LocalBucket
  /** Path below the bucket's folder. */
  readonly source: string
  /** The append that this work file belongs to. */
  readonly appendId?: string | undefined
  /** Ends writing and tells what the file is now. */
  seal(): FileStat | Promise<FileStat>
  /** The same, its content being on the disk when it resolves. @throws AisError `ErrMountpathFaulted` */
  sealSynced(): Promise<FileStat>
  /** The file is no longer the draft's: `discard` leaves it alone. */
  release(): void
  /** Block checksums of the content, when it was seen as a whole, and is longer than one block. */
  blockSums(): Uint8Array | undefined
  /** The content, of a draft that is in memory as yet and needs no file. */
  bytes?(): Uint8Array | undefined
}

const labelPattern = /^[\w.-]{1,64}$/

/** A path below the bucket's folder for a new work file. */
export function workPath(context: Pick<MountpathContext, 'nextWorkId'>, name: string): string {
  const label = labelPattern.test(name) ? name : 'object'
  return `${workFolder}/${label}.${context.nextWorkId()}`
}

/** What an unexpected failure of a file operation means to the caller. */
export function fileFailure(
  context: Pick<MountpathContext, 'gate' | 'path'>,
  what: string,
  error: unknown,
): AisError {
  if (isAisError(error)) return error
  if (isNoSpace(error)) return noSpaceError(context.path, error)
  if (['EIO', 'EROFS', 'EUCLEAN'].includes(fileErrorCode(error))) {
    return context.gate.raise(what, error)
  }
  if (fileErrorCode(error) === 'ENAMETOOLONG') {
    return new AisError('ErrBadRequest', `object name is too long below mountpath ${context.path}`)
  }
  return new AisError('ErrInternal', `mountpath ${context.path}: ${what}`, { cause: error })
}

interface WorkFileOptions {
  readonly hints?: DraftHints | undefined
  readonly existing?: ExistingWork | undefined
}

/** The work file of an append in progress. */
export interface ExistingWork {
  readonly sizeBytes: number
  readonly appendId: string
  /** Forgets the append; `discard` waits for it. */
  forget(): Promise<void>
}

/**
 * A draft over `source`, which is made with the first byte, or is there already with `sizeBytes` bytes.
 * Bodies are written as they come; the rest of long ones by the thread pool where the disk does not keep up.
 */
export function createWorkFile(
  context: MountpathContext,
  bucket: LocalBucket,
  source: string,
  options: WorkFileOptions = {},
): OpenWorkFile {
  return new OpenWorkFile(context, bucket, source, options)
}

/** @see createWorkFile. A class, since every PUT makes one: fifteen closures took longer than what they did. */
class OpenWorkFile implements WorkFile {
  readonly bucket: LocalBucket
  readonly source: string
  readonly #context: MountpathContext
  readonly #hints: DraftHints
  readonly #existing: ExistingWork | undefined
  #sizeBytes: number
  #fd: number | undefined
  #exists: boolean
  #owned = true
  #behind: WriteBehind | undefined
  /** Of an append only when it is read as a whole. */
  #sums: BlockSums | undefined

  constructor(
    context: MountpathContext,
    bucket: LocalBucket,
    source: string,
    { hints = {}, existing }: WorkFileOptions,
  ) {
    this.#context = context
    this.bucket = bucket
    this.source = source
    this.#hints = hints
    this.#existing = existing
    this.#sizeBytes = existing?.sizeBytes ?? 0
    this.#exists = existing !== undefined
    if (existing === undefined && needsSums(hints)) this.#sums = createBlockSums(context)
    if (hints.upload !== undefined) context.pins.pin(hints.upload)
  }

  get appendId(): string | undefined {
    return this.#existing?.appendId
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  write(chunk: Uint8Array): void | Promise<void> {
    this.#assertOwned()
    const { files, limits, pace, pieces, space } = this.#context
    const position = this.#sizeBytes
    this.#sizeBytes += chunk.byteLength
    space.add(chunk.byteLength)
    this.#sums?.update(chunk)
    try {
      if (position < limits.syncWriteBytesMax) {
        files.writeSync(this.#open(), chunk, position)
        return
      }
      if (this.#behind === undefined && pace.quick) {
        pace.timed(() => files.writeSync(this.#open(), chunk, position))
        return
      }
      this.#behind ??= createWriteBehind(files, pieces, this.#open(), position)
      return this.#behind.add(chunk)?.catch((error: unknown) => this.#fail(error))
    } catch (error) {
      return this.#fail(error)
    }
  }

  seal(): FileStat | Promise<FileStat> {
    this.#assertOwned()
    try {
      const written = this.#behind?.flush()
      if (written === undefined) return this.#end()
      return written.then(() => this.#end()).catch((error: unknown) => this.#fail(error))
    } catch (error) {
      return this.#fail(error)
    }
  }

  async sealSynced(): Promise<FileStat> {
    this.#assertOwned()
    const { crashPoint, files, gate } = this.#context
    const file = this.#open()
    try {
      await this.#behind?.flush()
    } catch (error) {
      return this.#fail(error)
    }
    try {
      await files.fsync(file)
    } catch (error) {
      throw gate.raise('a work file could not be synced', error)
    }
    const stat = files.fstatSync(file)
    this.#close()
    this.#assertWhole(stat)
    crashPoint('work-synced')
    return stat
  }

  release(): void {
    const { upload } = this.#hints
    if (this.#owned && upload !== undefined) this.#context.pins.unpin(upload)
    this.#owned = false
  }

  blockSums(): Uint8Array | undefined {
    const done = this.#sizeBytes > blockBytes ? this.#sums?.finish() : undefined
    return done?.byteLength === Math.ceil(this.#sizeBytes / blockBytes) * blockSumBytes
      ? done
      : undefined
  }

  read(): AsyncIterable<Uint8Array> {
    if (this.#existing !== undefined) this.#sums = createBlockSums(this.#context)
    return readWork(
      this.#context,
      this.#path,
      this.#sizeBytes,
      this.#existing === undefined ? undefined : this.#sums,
    )
  }

  async discard(): Promise<void> {
    // A descriptor that the thread pool still writes to must not be closed: its number may be given out again.
    await this.#behind?.drop()
    if (this.#owned) await this.#existing?.forget()
    this.#drop()
  }

  get #path(): string {
    return `${this.bucket.root}/${this.source}`
  }

  #open(): number {
    this.#fd ??= this.#context.files.openSync(this.#path, this.#exists ? 'update' : 'create')
    this.#exists = true
    return this.#fd
  }

  #close(): void {
    if (this.#fd === undefined) return
    const closing = this.#fd
    this.#fd = undefined
    this.#context.files.closeSync(closing)
  }

  #end(): FileStat {
    const stat = this.#context.files.fstatSync(this.#open())
    this.#close()
    this.#assertWhole(stat)
    this.#context.crashPoint('work-written')
    return stat
  }

  #drop(): void {
    if (!this.#owned) return
    this.release()
    this.#close()
    if (this.#exists) this.#context.files.unlinkSync(this.#path)
  }

  #fail(error: unknown): never {
    if (this.#existing === undefined) this.#drop()
    throw fileFailure(this.#context, 'a body could not be written', error)
  }

  #assertOwned(): void {
    if (!this.#owned) throw new Error('a draft was used after its end')
  }

  /** A commit must never make a file an object that lacks bytes its writer handed over. */
  #assertWhole(stat: FileStat): void {
    if (stat.sizeBytes === this.#sizeBytes) return
    throw new Error(`assert: a draft of ${this.#sizeBytes} bytes has a file of ${stat.sizeBytes}`)
  }
}

/** A body that is known to be of one block has no use for them. */
function needsSums({ checksumType, sizeBytes = Number.POSITIVE_INFINITY }: DraftHints): boolean {
  return checksumType !== 'none' && sizeBytes > blockBytes
}

/** The work file behind a draft of this mountpath. */
export function workFileOf(draft: Draft, bucket: LocalBucket): WorkFile {
  if (!isWorkFile(draft) || draft.bucket !== bucket) {
    throw new Error('a draft was committed to another bucket or mountpath')
  }
  return draft
}

function isWorkFile(draft: Draft): draft is WorkFile {
  return 'seal' in draft && 'source' in draft
}

async function* readWork(
  { files, limits }: MountpathContext,
  path: string,
  sizeBytes: number,
  sums?: BlockSums,
): AsyncGenerator<Uint8Array> {
  const fd = files.openSync(path, 'read')
  try {
    for (let at = 0; at < sizeBytes; ) {
      const buffer = new Uint8Array(Math.min(limits.readBytes, sizeBytes - at))
      const count = await files.read(fd, buffer, at)
      if (count === 0) return
      at += count
      sums?.update(buffer.subarray(0, count))
      yield buffer.subarray(0, count)
    }
  } finally {
    files.closeSync(fd)
  }
}
