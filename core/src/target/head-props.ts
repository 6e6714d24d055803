import { AisError } from '../errors/ais-error.ts'

/** A bit for each property a selective HEAD may name. @see AIStore api/apc/lsmsg.go, docs of `props` */
export const headProp = {
  name: 1 << 0,
  size: 1 << 1,
  checksum: 1 << 2,
  version: 1 << 3,
  atime: 1 << 4,
  custom: 1 << 5,
  'last-modified': 1 << 6,
  etag: 1 << 7,
  location: 1 << 8,
  copies: 1 << 9,
  ec: 1 << 10,
  chunked: 1 << 11,
} as const

const bitOf: ReadonlyMap<string, number> = new Map(Object.entries(headProp))

/** The bits of the names in `props`, in any case. @throws AisError `ErrBadRequest` naming the first unknown one */
export function parseHeadProps(props: string): number {
  let wanted = 0
  for (let from = 0; from <= props.length; ) {
    const found = props.indexOf(',', from)
    const end = found < 0 ? props.length : found
    wanted |= bitIn(props.slice(from, end))
    from = end + 1
  }
  return wanted
}

function bitIn(part: string): number {
  const exact = bitOf.get(part)
  if (exact !== undefined) return exact
  const name = part.trim()
  if (name === '') return 0
  const bit = bitOf.get(name.toLowerCase())
  if (bit !== undefined) return bit
  throw new AisError('ErrBadRequest', `invalid property "${name}" (props)`)
}
