/** Whether two immutable values say the same: members that are `undefined` are not there, the order of a map means nothing. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (a instanceof Map) return b instanceof Map && sameMap(a, b)
  if (b instanceof Map || Array.isArray(a) !== Array.isArray(b)) return false
  for (const key in a) if (!sameContent(Reflect.get(a, key), Reflect.get(b, key))) return false
  for (const key in b) if (Reflect.get(b, key) !== undefined && !(key in a)) return false
  return true
}

function sameMap(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) if (!b.has(key) || !sameContent(value, b.get(key))) return false
  return true
}
