import { bckCname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { nodeName } from '../node/node-name.ts'
import { emptyReply } from '../node/replies.ts'
import { deriveEtag } from '../object/etag.ts'
import { keyOf } from '../object/version-name.ts'
import type { Call, HeaderLine, Reply } from '../ports/call.ts'
import type { Mountpath, ObjectMeta } from '../ports/mountpath.ts'
import { header } from '../wire/headers.ts'
import { httpDate } from '../wire/http-date.ts'
import { asksForWhole, checkConditions } from './conditions.ts'
import { headProp, parseHeadProps } from './head-props.ts'
import { attributeHeaders } from './object-headers.ts'
import { lastAccess, validatorsOf } from './read-object.ts'
import { loadObject, type Place, type TargetNode } from './target.ts'

const presenceOutside = '5'

/** `t[id]:mp[/path, vda, ssd]`, the location as listings and HEAD show it. */
export function locationOf(target: TargetNode, mountpath: Mountpath): string {
  const stays = target.availableMountpaths().includes(mountpath)
  const disk = `${mountpath.path}${target.diskTitle(mountpath)}${stays ? '' : ', waiting-dd'}`
  return `${nodeName(target.self())}:mp[${disk}]`
}

function namespaceHeaders(place: Place): HeaderLine[] {
  const { uuid, name } = place.bucket.bck.namespace
  const lines: HeaderLine[] = []
  if (name !== '') lines.push(['Ais-Bucket-Namespace-Name', name])
  if (uuid !== '') lines.push(['Ais-Bucket-Namespace-Uuid', uuid])
  return lines
}

/** HEAD v1: everything, as header lines named after the JSON paths of upstream's struct. */
function headAll(target: TargetNode, place: Place, mountpath: Mountpath, meta: ObjectMeta): Reply {
  const { bck } = place.bucket
  const headers: HeaderLine[] = [
    ...attributeHeaders(meta, lastAccess(target, place, meta)),
    ['Ais-Bucket-Name', bck.name],
    ...namespaceHeaders(place),
    ['Ais-Bucket-Provider', bck.provider],
    ['Ais-Location', locationOf(target, mountpath)],
    ['Ais-Mirror-Copies', '1'],
    ['Ais-Mirror-Paths', `[${mountpath.path}]`],
    ['Ais-Name', keyOf(meta.name)],
    [header.present, 'true'],
    ['Content-Length', String(meta.sizeBytes)],
  ]
  return emptyReply(200, headers)
}

/** HEAD v2: what `wanted` has bits for, and always `Ais-Present` and `Content-Length`. */
function headSelected(
  target: TargetNode,
  place: Place,
  mountpath: Mountpath,
  meta: ObjectMeta,
  wanted: number,
): Reply {
  const has = (prop: number): boolean => (wanted & prop) !== 0
  const headers: HeaderLine[] = []
  if (has(headProp.atime)) {
    headers.push([header.atime, lastAccess(target, place, meta)])
  }
  if (has(headProp.checksum) && meta.checksum.value !== '') {
    headers.push([header.checksumType, meta.checksum.type])
    headers.push([header.checksumValue, meta.checksum.value])
  }
  if (has(headProp.chunked) && meta.chunks !== undefined) {
    const largest = Math.max(...meta.chunks.map((chunk) => chunk.sizeBytes))
    headers.push(['Ais-Chunks-Count', String(meta.chunks.length)])
    headers.push(['Ais-Chunks-Max-Chunk-Size', String(largest)])
  }
  if (has(headProp.custom)) {
    for (const [key, value] of meta.custom) headers.push([header.customMd, `${key}=${value}`])
  }
  if (has(headProp.location)) headers.push(['Ais-Location', locationOf(target, mountpath)])
  if (has(headProp.copies)) {
    headers.push(['Ais-Mirror-Copies', '1'], ['Ais-Mirror-Paths', mountpath.path])
  }
  headers.push([header.present, 'true'])
  if (has(headProp.version) && meta.version !== '') headers.push([header.version, meta.version])
  if (has(headProp.etag)) {
    const etag = deriveEtag(meta)
    if (etag !== undefined) headers.push(['ETag', `"${etag}"`])
  }
  if (has(headProp['last-modified'])) {
    headers.push(['Last-Modified', httpDate(Number(meta.mtimeNs / 1_000_000n))])
  }
  headers.push(['Content-Length', String(meta.sizeBytes)])
  return emptyReply(200, headers)
}

/** HEAD of an object; never touches its access time. @throws AisError `ErrNotFound`, `ErrBadRequest` */
export function headObject(
  target: TargetNode,
  place: Place,
  call: Call,
  query: { readonly props: string; readonly presence: string },
): Reply {
  const wanted = query.props === '' ? undefined : parseHeadProps(query.props)
  if (query.presence !== '' && !/^[0-5]$/.test(query.presence)) {
    throw new AisError('ErrBadRequest', `invalid presence "${query.presence}"`)
  }
  const { mountpath, meta } = loadObject(target, place)
  target.stats.add('head.n')
  if (query.presence === presenceOutside) {
    throw new AisError(
      'ErrBadRequest',
      `presence=${presenceOutside}: ${bckCname(place.bucket.bck)}/${place.name} is present`,
    )
  }
  if (query.presence === '1' || query.presence === '3') return emptyReply()
  const isConditional = !asksForWhole(call.headers)
  if (isConditional && checkConditions(call.headers, validatorsOf(meta)) === 'not-modified') {
    return { status: 304, headers: attributeHeaders(meta) }
  }
  return wanted === undefined
    ? headAll(target, place, mountpath, meta)
    : headSelected(target, place, mountpath, meta, wanted)
}
