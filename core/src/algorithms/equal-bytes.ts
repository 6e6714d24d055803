/** Whether both hold the same bytes, in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  let differs = a.length ^ b.length
  for (let at = 0; at < a.length; at++) differs |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return differs === 0
}
