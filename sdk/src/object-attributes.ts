import type { ResponseHeaders } from './transport/response-headers.ts'

/** What the headers of GET, HEAD and PUT tell of an object. Absent headers are `undefined`. */
export interface ObjectAttributes {
  readonly sizeBytes: number
  readonly present: boolean | undefined
  readonly checksum: { readonly type: string; readonly value: string } | undefined
  readonly version: string | undefined
  /** Last access, Unix ns. */
  readonly atimeNs: bigint | undefined
  readonly custom: ReadonlyMap<string, string>
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  /** `t[ID]:mp[path, disk, kind]` */
  readonly location: string | undefined
  readonly copies: number | undefined
  readonly mirrorPaths: readonly string[]
  readonly ec: ErasureCoding | undefined
  readonly chunks: { readonly count: number; readonly sizeMaxBytes: number } | undefined
}

export interface ErasureCoding {
  readonly generation: string
  readonly dataSlices: number
  readonly paritySlices: number
  readonly replicated: boolean
}

/** @see AIStore docs/http_api.md (object headers), cmn/objattrs.go */
export function parseObjectAttributes(headers: ResponseHeaders): ObjectAttributes {
  const type = headers.get('ais-checksum-type')
  const value = headers.get('ais-checksum-value')
  const atime = headers.get('ais-atime')
  const copies = headers.get('ais-mirror-copies')
  const chunkCount = headers.get('ais-chunks-count')
  const present = headers.get('ais-present')
  return {
    sizeBytes: Number(headers.get('content-length') ?? 0),
    present: present === undefined ? undefined : present === 'true',
    checksum: type === undefined || value === undefined ? undefined : { type, value },
    version: headers.get('ais-version'),
    atimeNs: atime !== undefined && /^-?\d+$/.test(atime) ? BigInt(atime) : undefined,
    custom: parseCustom(headers.all('ais-custom-md')),
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    location: headers.get('ais-location'),
    copies: copies === undefined ? undefined : Number(copies),
    mirrorPaths: parsePaths(headers.get('ais-mirror-paths') ?? ''),
    ec: parseErasureCoding(headers),
    chunks:
      chunkCount === undefined
        ? undefined
        : {
            count: Number(chunkCount),
            sizeMaxBytes: Number(headers.get('ais-chunks-max-chunk-size') ?? 0),
          },
  }
}

/** One header line per pair; the first `=` divides. */
function parseCustom(pairs: readonly string[]): ReadonlyMap<string, string> {
  const custom = new Map<string, string>()
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    if (at > 0) custom.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return custom
}

/** `[/a /b]` in the first form of HEAD, `/a,/b` in the second. */
function parsePaths(text: string): readonly string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(/[, ]+/)
    .filter((path) => path !== '')
}

function parseErasureCoding(headers: ResponseHeaders): ErasureCoding | undefined {
  const generation = headers.get('ais-ec-generation') ?? ''
  const data = headers.get('ais-ec-data') ?? ''
  const parity = headers.get('ais-ec-parity') ?? ''
  const replicated = headers.get('ais-ec-replicated') ?? ''
  if (generation + data + parity + replicated === '') return undefined
  return {
    generation,
    dataSlices: Number(data),
    paritySlices: Number(parity),
    replicated: replicated === 'true',
  }
}
