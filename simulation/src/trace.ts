/** What happened, as a hash: equal for equal runs. The lines themselves are kept only when asked for. */
export interface Trace {
  add(line: string): void
  /** For a person only: not part of the hash. */
  note(line: string): void
  hash(): string
  readonly lines: readonly string[]
}

/** @param keep how many of the last lines are kept */
export function createTrace(now: () => number, keep = 0): Trace {
  let a = 0x811c9dc5
  let b = 0x9e3779b9
  const lines: string[] = []
  const stamped = (line: string) => `${now().toFixed(3)} ${line}`

  function write(text: string): void {
    if (keep === 0) return
    lines.push(text)
    if (lines.length > 2 * keep) lines.splice(0, lines.length - keep)
  }

  return {
    lines,
    add(line) {
      const text = stamped(line)
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at)
        a = Math.imul(a ^ code, 0x01000193)
        b = Math.imul(b ^ code, 0x85ebca6b) + a
      }
      write(text)
    },
    note: (line) => write(stamped(line)),
    hash: () => [a, b].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join(''),
  }
}
