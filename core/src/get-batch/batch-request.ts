import { z } from 'zod'
import { type ArchiveFormat, parseMime } from '../archive/formats.ts'
import { checkMemberName } from '../archive/member.ts'
import { type Bck, bckUname } from '../bucket/bck.ts'
import { parseBck, parseBckUname } from '../bucket/names.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkObjectName } from '../object/object-name.ts'
import { parseJsonBytes } from '../wire/json.ts'
import { describeIssue } from '../wire/strict.ts'

/** Where the members of the answer are found whose object is not there. */
const missingFolder = '__404__'

const entrySchema = z.object({
  objname: z.string(),
  bucket: z.string().default(''),
  provider: z.string().default(''),
  uname: z.string().default(''),
  archpath: z.string().default(''),
  opaque: z
    .string()
    .regex(/^[A-Za-z0-9+/_=-]*$/, 'expecting base64')
    .default(''),
  start: z.int().default(0),
  length: z.int().default(0),
})

const requestSchema = z.object({
  mime: z.string().max(128).default(''),
  in: z.array(entrySchema).max(limits.batchEntriesMax),
  coer: z.boolean().default(false),
  onob: z.boolean().default(false),
  strm: z.boolean().default(false),
})

/** One thing asked for. */
export interface BatchEntry {
  readonly bck: Bck
  readonly name: string
  /** A file inside the object; empty: the object. */
  readonly archivePath: string
  readonly start: number
  /** Bytes; -1: to the end. With `start` 0, 0 is all of it. */
  readonly length: number
  /** As it was sent, for the answer. */
  readonly bucket: string
  readonly provider: string
  readonly opaque: string
}

/** A get-batch request. @see AIStore api/apc/ml.go MossReq */
export interface BatchRequest {
  readonly format: ArchiveFormat
  readonly entries: readonly BatchEntry[]
  /** Every bucket of them once. */
  readonly buckets: readonly Bck[]
  /** What is missing is marked; otherwise the request fails. */
  readonly continueOnError: boolean
  readonly onlyObjectName: boolean
  readonly streaming: boolean
}

function invalid(index: number, why: string): AisError {
  return new AisError('ErrBadRequest', `get-batch: "in.${index}": ${why}`)
}

function bckOf(entry: z.output<typeof entrySchema>, index: number, fallback: Bck | undefined): Bck {
  if (entry.uname !== '') return parseBckUname(entry.uname)
  if (entry.bucket !== '') return parseBck(entry.bucket, entry.provider, '')
  if (fallback !== undefined) return fallback
  throw invalid(index, `missing bucket specification for object "${entry.objname.slice(0, 256)}"`)
}

/** @throws AisError `ErrBadRequest` a range that no size could fit */
function checkRangeShape(
  { start, length }: { start: number; length: number },
  index: number,
): void {
  if (start >= 0 && length >= -1 && !(start !== 0 && length === 0)) return
  throw invalid(index, `invalid range (start=${start}, length=${length})`)
}

/**
 * Reads the body of a get-batch request.
 * @param fallback the bucket of the path, for entries that name none
 * @throws AisError `ErrBadRequest` naming the entry and field
 */
export function parseBatchRequest(bytes: Uint8Array, fallback: Bck | undefined): BatchRequest {
  const parsed = requestSchema.safeParse(parseJsonBytes(bytes))
  if (!parsed.success) {
    throw new AisError('ErrBadRequest', `get-batch: ${describeIssue(parsed.error)}`)
  }
  const { data } = parsed
  if (data.in.length === 0) throw new AisError('ErrBadRequest', 'get-batch: empty input')
  const buckets = new Map<string, Bck>()
  const byText = new Map<string, Bck>()
  const entries = data.in.map((entry, index): BatchEntry => {
    const key = `${entry.uname}\0${entry.bucket}\0${entry.provider}`
    let bck = byText.get(key)
    if (bck === undefined) {
      bck = bckOf(entry, index, fallback)
      byText.set(key, bck)
      buckets.set(bckUname(bck), bck)
    }
    checkObjectName(entry.objname, { forWrite: false })
    if (entry.archpath !== '') checkMemberName(entry.archpath.replace(/^\//, ''))
    checkRangeShape(entry, index)
    return {
      bck,
      name: entry.objname,
      archivePath: entry.archpath,
      start: entry.start,
      length: entry.length,
      bucket: entry.bucket === '' ? bck.name : entry.bucket,
      provider: entry.provider === '' && entry.bucket === '' ? bck.provider : entry.provider,
      opaque: entry.opaque,
    }
  })
  return {
    format: data.mime === '' ? '.tar' : parseMime(data.mime),
    entries,
    buckets: [...buckets.values()],
    continueOnError: data.coer,
    onlyObjectName: data.onob,
    streaming: data.strm,
  }
}

/** The entry's name in the answer. @see AIStore api/apc/ml.go NameInRespArch */
export function nameInAnswer(entry: BatchEntry, onlyObjectName: boolean): string {
  const name = onlyObjectName ? entry.name : `${entry.bucket}/${entry.name}`
  return entry.archivePath === '' ? name : `${name}/${entry.archivePath.replace(/^\//, '')}`
}

/** The name of the empty member that stands for an entry that is not there. */
export function missingName(name: string): string {
  return `${missingFolder}/${name}`
}

/**
 * The part of `sizeBytes` bytes that an entry asks for.
 * @throws AisError `ErrRangeNotSatisfiable`
 */
export function rangeIn(
  { start, length }: Pick<BatchEntry, 'start' | 'length'>,
  sizeBytes: number,
): { offset: number; length: number } {
  if (start === 0 && length === 0) return { offset: 0, length: sizeBytes }
  const wanted = length === -1 ? sizeBytes - start : length
  if (start < sizeBytes && wanted > 0 && start + wanted <= sizeBytes) {
    return { offset: start, length: wanted }
  }
  // "From 0 to the end" is all of it, of nothing too.
  if (start === 0 && length === -1) return { offset: 0, length: 0 }
  const shown = length === -1 ? `start=${start}` : `start=${start},length=${length}`
  throw new AisError(
    'ErrRangeNotSatisfiable',
    `size=${sizeBytes}: not satisfiable range [${shown}]`,
  )
}
