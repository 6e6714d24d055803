import type { CustomMd } from '../object/custom-md.ts'
import type { HeaderBlock } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'

/** Where an object came from, in its custom metadata. @see AIStore cmn/objattrs.go */
const sourceKey = 'source'

/** Who serves a link, by its host, and the header lines that tell of an object there. */
interface Source {
  readonly name: string
  readonly hosts: RegExp
  readonly headers: readonly (readonly [key: string, header: string])[]
}

const sources: readonly Source[] = [
  {
    name: 'gcp',
    hosts: /(?:^|\.)(?:storage\.googleapis\.com|storage\.cloud\.google\.com|www\.googleapis\.com)$/,
    headers: [['remote-version', 'x-goog-generation']],
  },
  {
    name: 'aws',
    hosts: /(?:^|\.)s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com$/,
    headers: [
      ['remote-version', 'x-amz-version-id'],
      ['ETag', 'etag'],
    ],
  },
  {
    name: 'azure',
    hosts: /\.blob\.core\.windows\.net$/,
    headers: [
      ['remote-version', 'etag'],
      ['MD5', 'content-md5'],
    ],
  },
]

function googleChecksums(headers: HeaderBlock): CustomMd {
  const lines = headers.all('x-goog-hash').flatMap((line) => line.split(','))
  return lines.flatMap((line): CustomMd => {
    const [, kind, value] = /^\s*(md5|crc32c)=(\S+)\s*$/.exec(line) ?? []
    if (kind === undefined || value === undefined) return []
    return [[kind === 'md5' ? 'MD5' : 'CRC32C', value]]
  })
}

/**
 * What an answer tells of an object, to be kept with it: the provider for known ones, with version and checksums; `web` for the
 * rest of the world.
 * @see AIStore ext/dload/utils.go attrsFromLink
 */
export function sourceAttributes(link: string, headers: HeaderBlock): CustomMd {
  const host = new URL(link).hostname
  const source = sources.find(({ hosts }) => hosts.test(host))
  if (source === undefined) return [[sourceKey, 'web']]
  const told = source.headers.flatMap(([key, name]): CustomMd => {
    const value = headers.get(name)?.replace(/^"|"$/g, '')
    return value === undefined || value === '' ? [] : [[key, value]]
  })
  return [
    [sourceKey, source.name],
    ...told,
    ...(source.name === 'gcp' ? googleChecksums(headers) : []),
  ]
}

/** The object here is the one there, as far as its source tells: of one size, and nothing but equal words on its version. */
export function isSameAsSource(
  meta: ObjectMeta,
  told: CustomMd,
  sizeBytes: number | undefined,
): boolean {
  if (sizeBytes !== undefined && sizeBytes !== meta.sizeBytes) return false
  const here = new Map(meta.custom)
  const shared = told.filter(([key]) => key !== sourceKey && here.has(key))
  return shared.length > 0 && told.every(([key, value]) => (here.get(key) ?? value) === value)
}
