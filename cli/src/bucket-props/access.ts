/** Names of the access bits, lowest first. @see AIStore api/apc/access.go */
export const accessNames = [
  'GET',
  'HEAD-OBJECT',
  'PUT',
  'APPEND',
  'DELETE-OBJECT',
  'MOVE-OBJECT',
  'PROMOTE',
  'UPDATE-OBJECT',
  'HEAD-BUCKET',
  'LIST-OBJECTS',
  'PATCH',
  'SET-BUCKET-ACL',
  'LIST-BUCKETS',
  'SHOW-CLUSTER',
  'CREATE-BUCKET',
  'DESTROY-BUCKET',
  'MOVE-BUCKET',
  'ADMIN',
] as const

const words: Readonly<Record<string, bigint>> = {
  ro: 0x303n,
  rw: 0x33fn,
  su: 0xffff_ffff_ffff_ffffn,
}

/** `GET,HEAD-OBJECT,...`; `none` for no rights. */
export function formatAccess(mask: string): string {
  const bits = BigInt(mask)
  const names = accessNames.filter((_, bit) => (bits >> BigInt(bit)) & 1n)
  return names.length === 0 ? 'none' : names.join(',')
}

/** Reads `ro`, `rw`, `su`, names or a number; `undefined` when it is none of these. */
export function parseAccess(text: string): string | undefined {
  if (/^\d+$/.test(text)) return text
  let mask = 0n
  for (const word of text.split(/[\s,]+/)) {
    const bit = (accessNames as readonly string[]).indexOf(word.toUpperCase())
    const bits = words[word.toLowerCase()] ?? (bit < 0 ? undefined : 1n << BigInt(bit))
    if (bits === undefined) return undefined
    mask |= bits
  }
  return String(mask)
}
