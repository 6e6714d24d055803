import type { Draft, DraftHints } from '@aistore-ts/core/ports/mountpath.ts'
import type { LocalBucket } from '../buckets/bucket-registry.ts'
import type { MountpathContext } from '../context.ts'
import { createWorkFile, type WorkFile, workPath } from '../objects/work-file.ts'

/** A draft for the content of an object or a part, in memory as long as that may be all it needs. */
export function createDraft(
  context: MountpathContext,
  bucket: LocalBucket,
  name: string,
  hints: DraftHints = {},
): Draft {
  const { inlineBytesMax } = context.limits
  const mayBeInline =
    context.exactTimes &&
    hints.durability === 'disk' &&
    hints.upload === undefined &&
    (hints.sizeBytes ?? 0) <= inlineBytesMax
  const source = workPath(context, name)
  return mayBeInline
    ? createMemoryDraft(context, bucket, source, hints)
    : createWorkFile(context, bucket, source, { hints })
}

/** Becomes a work file at `source` when more comes than `inlineBytesMax`, or when a file is asked for. */
function createMemoryDraft(
  context: MountpathContext,
  bucket: LocalBucket,
  source: string,
  hints: DraftHints,
): WorkFile {
  let chunks: Uint8Array[] = []
  let sizeBytes = 0
  let ended = false
  let file: WorkFile | undefined

  const assertOwned = (): void => {
    if (ended) throw new Error('a draft was used after its end')
  }

  const end = (): void => {
    ended = true
    chunks = []
  }

  /** The work file, after what was gathered is written to it. */
  const spill = (): WorkFile | Promise<WorkFile> => {
    if (file !== undefined) return file
    assertOwned()
    const made = createWorkFile(context, bucket, source, { hints })
    const gathered = joined(chunks)
    end()
    file = made
    const written = gathered.byteLength > 0 ? made.write(gathered) : undefined
    return written === undefined ? made : written.then(() => made)
  }

  return {
    bucket,
    source,
    get sizeBytes() {
      return file?.sizeBytes ?? sizeBytes
    },
    write: (chunk) => {
      if (file !== undefined) return file.write(chunk)
      assertOwned()
      if (sizeBytes + chunk.byteLength <= context.limits.inlineBytesMax) {
        chunks.push(chunk.slice())
        sizeBytes += chunk.byteLength
        return
      }
      const made = spill()
      return made instanceof Promise ? made.then((work) => work.write(chunk)) : made.write(chunk)
    },
    seal: async () => (await spill()).seal(),
    sealSynced: async () => (await spill()).sealSynced(),
    release: () => {
      if (file === undefined) end()
      else file.release()
    },
    blockSums: () => file?.blockSums(),
    bytes: () => {
      if (file !== undefined) return undefined
      assertOwned()
      return joined(chunks)
    },
    discard: async () => {
      end()
      await file?.discard()
    },
  }
}

/** One buffer with all of `chunks`, of which none is copied when it is the only one. */
function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const all = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}
