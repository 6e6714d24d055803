/** Where `part`, whose `?` stand for any one character, first is in `text` from `start` on; -1: nowhere. */
function findPart(text: string, part: string, start: number): number {
  if (!part.includes('?')) return text.indexOf(part, start)
  for (let at = start; at + part.length <= text.length; at++) {
    if (isPart(text, part, at)) return at
  }
  return -1
}

function isPart(text: string, part: string, at: number): boolean {
  if (at < 0 || at + part.length > text.length) return false
  for (let i = 0; i < part.length; i++) {
    if (part[i] !== '?' && part[i] !== text[at + i]) return false
  }
  return true
}

/**
 * Whether all of `text` is as `pattern` says, `*` for any characters and `?` for one. Each part between two stars is
 * looked for once, from where the former ended: no pattern makes this slow.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split('*')
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (parts.length === 1) return text.length === pattern.length && isPart(text, pattern, 0)
  if (!isPart(text, first, 0)) return false
  const end = text.length - last.length
  let at = first.length
  for (const part of parts.slice(1, -1)) {
    const found = findPart(text, part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return at <= end && isPart(text, last, end)
}
