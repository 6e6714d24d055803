/** What a flag takes. `switch` takes nothing (or `=true`, `=false`). */
export type FlagKind = 'switch' | 'text' | 'integer' | 'size' | 'duration'

/** One flag of a command; `names[0]` is the long one that code asks for. */
export interface FlagSpec {
  readonly names: readonly [string, ...string[]]
  readonly kind: FlagKind
  readonly help: string
}

function spec(kind: FlagKind) {
  return (names: string, help: string): FlagSpec => {
    const [first = '', ...more] = names.split(',')
    return { names: [first, ...more], kind, help }
  }
}

/** Makes flags; `names` is `long,short`. */
export const flag = {
  switch: spec('switch'),
  text: spec('text'),
  integer: spec('integer'),
  size: spec('size'),
  duration: spec('duration'),
} as const
