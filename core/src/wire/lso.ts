import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import type { ListPage } from '../object/list-entry.ts'
import { checkPrefix } from '../object/object-name.ts'
import { timeFormatLengthMax } from './go-time.ts'
import { strict, u64String } from './strict.ts'

/** Flags of a list-objects request. @see AIStore api/apc/lsmsg.go */
export const lsoFlag = {
  cached: 1n << 0n,
  missing: 1n << 1n,
  deleted: 1n << 2n,
  archiveDir: 1n << 3n,
  nameOnly: 1n << 4n,
  nameSize: 1n << 5n,
  bucketPresent: 1n << 6n,
  dontHeadRemote: 1n << 7n,
  dontAddRemote: 1n << 8n,
  notCached: 1n << 9n,
  onlyRemoteProps: 1n << 10n,
  noRecursion: 1n << 11n,
  diff: 1n << 12n,
  noDirs: 1n << 13n,
  isS3: 1n << 14n,
  inventory: 1n << 15n,
} as const

/** Flags of an entry; bits 0 to 4 are its status. */
export const entryFlag = {
  statusMask: 31,
  cached: 1 << 6,
  inArchive: 1 << 7,
  directory: 1 << 8,
  archive: 1 << 9,
  versionChanged: 1 << 10,
  versionRemoved: 1 << 11,
  headFailed: 1 << 12,
  chunked: 1 << 13,
} as const

/** Status of an entry, in the bits of `entryFlag.statusMask`. */
export const entryStatus = {
  ok: 0,
  misplacedNode: 1,
  misplacedMountpath: 2,
  copy: 3,
  copyMissingMain: 4,
} as const

/** Flag of a page: a rebalance or resilver runs, so something may be missing. */
export const pageIncomplete = 1

export const lsoPropNames = [
  'name',
  'size',
  'version',
  'checksum',
  'atime',
  'cached',
  'status',
  'copies',
  'ec',
  'custom',
  'location',
  'chunked',
] as const

export type LsoProp = (typeof lsoPropNames)[number]

const defaultProps: readonly LsoProp[] = ['name', 'size', 'cached']
const defaultCachedProps: readonly LsoProp[] = ['name', 'size', 'checksum', 'atime']

const lsoSchema = z
  .strictObject({
    hdr: z.record(z.string(), z.array(z.string())).default({}),
    uuid: z.string().max(64).default(''),
    props: z.string().max(1_024).default(''),
    time_format: z.string().max(timeFormatLengthMax).default(''),
    prefix: z.string().default(''),
    start_after: z.string().default(''),
    continuation_token: z.string().default(''),
    target: z.string().default(''),
    flags: u64String.default(0n),
    pagesize: z.int().nonnegative().default(0),
  })
  .transform((raw) => ({
    uuid: raw.uuid,
    props: raw.props,
    timeFormat: raw.time_format,
    prefix: raw.prefix,
    startAfter: raw.start_after,
    continuationToken: raw.continuation_token,
    target: raw.target,
    flags: raw.flags,
    /** 0 asks for the provider's greatest. */
    pageSize: raw.pagesize,
    backendHeaders: raw.hdr,
  }))

/** A list-objects request. */
export type LsoMsg = Readonly<z.output<typeof lsoSchema>>

/**
 * Reads the `value` of a `list` action; `null` is a request with defaults. Flags that follow from others are set.
 * @throws AisError `ErrBadRequest` unknown or invalid field, illegal prefix, `start_after` with an inventory
 */
export function parseLsoMsg(value: unknown): LsoMsg {
  const msg = strict(lsoSchema, value ?? {}, 'list-objects message')
  checkPrefix(msg.prefix)
  let { flags } = msg
  if (flags & lsoFlag.archiveDir) flags |= lsoFlag.cached
  if (msg.props === 'name') flags |= lsoFlag.nameOnly
  if (msg.props === 'name,size') flags |= lsoFlag.nameSize
  if (msg.props === '' && !(flags & lsoFlag.cached)) flags |= lsoFlag.nameSize
  checkFlags(flags, msg.startAfter)
  return { ...msg, flags }
}

function checkFlags(flags: bigint, startAfter: string): void {
  if (flags & lsoFlag.cached && flags & lsoFlag.notCached) {
    throw new AisError(
      'ErrBadRequest',
      'list-objects message: "cached" and "not-cached" exclude each other',
    )
  }
  if (!(flags & lsoFlag.inventory)) return
  for (const name of [
    'missing',
    'deleted',
    'archiveDir',
    'notCached',
    'onlyRemoteProps',
    'diff',
  ] as const) {
    if (flags & lsoFlag[name]) {
      throw new AisError(
        'ErrBadRequest',
        `list-objects message: "${name}" with an inventory is not possible`,
      )
    }
  }
  if (startAfter !== '') {
    throw new AisError(
      'ErrBadRequest',
      'list-objects message: "start_after" with an inventory is not possible',
    )
  }
}

/**
 * What each entry shall carry. `props` is read as upstream reads it: a name counts when it is found anywhere in
 * the text, what is not known is ignored.
 */
export function lsoProps({ props, flags }: Pick<LsoMsg, 'props' | 'flags'>): ReadonlySet<LsoProp> {
  if (flags & lsoFlag.nameOnly) return new Set<LsoProp>(['name'])
  if (props === '') {
    return new Set((flags & lsoFlag.cached) !== 0n ? defaultCachedProps : defaultProps)
  }
  return new Set(lsoPropNames.filter((name) => name === 'name' || props.includes(name)))
}

/** The page as JSON. `entries` is an array even when empty; sizes are strings, as upstream. */
export function listPageToJson(page: ListPage): Record<string, unknown> {
  return {
    uuid: page.uuid,
    continuation_token: page.token,
    entries: page.entries.map((entry) => ({
      name: entry.name,
      checksum: entry.checksum || undefined,
      atime: entry.atime || undefined,
      version: entry.version || undefined,
      location: entry.location || undefined,
      'custom-md': entry.custom || undefined,
      size: entry.sizeBytes ? String(entry.sizeBytes) : undefined,
      copies: entry.copies || undefined,
      flags: entry.flags || undefined,
    })),
    flags: page.flags,
  }
}
