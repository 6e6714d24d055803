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
  { hints = {}, existing }: WorkFileOptions = {},
): WorkFile & { read(): AsyncIterable<Uint8Array> } {
  const { files, limits, pace, space } = context
  const path = (): string => `${bucket.root}/${source}`
  let sizeBytes = existing?.sizeBytes ?? 0
  let fd: number | undefined
  let exists = existing !== undefined
  let owned = true
  let behind: WriteBehind | undefined
  /** Of an append only when it is read as a whole. */
  let sums = existing === undefined && needsSums(hints) ? createBlockSums(context) : undefined
  if (hints.upload !== undefined) context.pins.pin(hints.upload)

  const open = (): number => {
    fd ??= files.openSync(path(), exists ? 'update' : 'create')
    exists = true
    return fd
  }

  const close = (): void => {
    if (fd === undefined) return
    const closing = fd
    fd = undefined
    files.closeSync(closing)
  }

  const disown = (): void => {
    if (owned && hints.upload !== undefined) context.pins.unpin(hints.upload)
    owned = false
  }

  const drop = (): void => {
    if (!owned) return
    disown()
    close()
    if (exists) files.unlinkSync(path())
  }

  const fail = (error: unknown): never => {
    if (existing === undefined) drop()
    throw fileFailure(context, 'a body could not be written', error)
  }

  const assertOwned = (): void => {
    if (!owned) throw new Error('a draft was used after its end')
  }

  /** A commit must never make a file an object that lacks bytes its writer handed over. */
  const assertWhole = (stat: FileStat): void => {
    if (stat.sizeBytes === sizeBytes) return
    throw new Error(`assert: a draft of ${sizeBytes} bytes has a file of ${stat.sizeBytes}`)
  }

  const end = (): FileStat => {
    const stat = files.fstatSync(open())
    close()
    assertWhole(stat)
    context.crashPoint('work-written')
    return stat
  }

  return {
    bucket,
    source,
    appendId: existing?.appendId,
    get sizeBytes() {
      return sizeBytes
    },
    write: (chunk) => {
      assertOwned()
      const position = sizeBytes
      sizeBytes += chunk.byteLength
      space.add(chunk.byteLength)
      sums?.update(chunk)
      try {
        if (position < limits.syncWriteBytesMax) {
          files.writeSync(open(), chunk, position)
          return
        }
        if (behind === undefined && pace.quick) {
          pace.timed(() => files.writeSync(open(), chunk, position))
          return
        }
        behind ??= createWriteBehind(files, context.pieces, open(), position)
        return behind.add(chunk)?.catch(fail)
      } catch (error) {
        return fail(error)
      }
    },
    seal: () => {
      assertOwned()
      try {
        return behind?.flush()?.then(end).catch(fail) ?? end()
      } catch (error) {
        return fail(error)
      }
    },
    sealSynced: async () => {
      assertOwned()
      const file = open()
      try {
        await behind?.flush()
      } catch (error) {
        return fail(error)
      }
      try {
        await files.fsync(file)
      } catch (error) {
        throw context.gate.raise('a work file could not be synced', error)
      }
      const stat = files.fstatSync(file)
      close()
      assertWhole(stat)
      context.crashPoint('work-synced')
      return stat
    },
    release: disown,
    blockSums: () => {
      const done = sizeBytes > blockBytes ? sums?.finish() : undefined
      return done?.byteLength === Math.ceil(sizeBytes / blockBytes) * blockSumBytes
        ? done
        : undefined
    },
    read: () => {
      if (existing === undefined) return readWork(context, path(), sizeBytes)
      sums = createBlockSums(context)
      return readWork(context, path(), sizeBytes, sums)
    },
    discard: async () => {
      // A descriptor that the thread pool still writes to must not be closed: its number may be given out again.
      await behind?.drop()
      if (owned) await existing?.forget()
      drop()
    },
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
