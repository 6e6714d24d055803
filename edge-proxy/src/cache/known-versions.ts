import type { HeaderLine } from '@aistore-ts/core/ports/call.ts'

/** What an owner said of an object when it was asked last. */
export interface KnownVersion {
  readonly generation: string
  readonly sizeBytes: number
  readonly looked?: LookedUp
}

/** An answer to a look-up, for who may go by it a while. */
export interface LookedUp {
  /** Of the questions that it answers. */
  readonly variant: string
  readonly status: number
  readonly headers: readonly HeaderLine[]
  /** By a clock that does not jump, ms. */
  readonly atMs: number
}

/** Objects that were read here before, the last ones of them. What it says is where to look, never what to answer. */
export interface KnownVersions {
  find(name: string): KnownVersion | undefined
  note(name: string, version: KnownVersion): void
  forget(name: string): void
}

export function createKnownVersions(countMax: number): KnownVersions {
  const known = new Map<string, KnownVersion>()
  return {
    find: (name) => known.get(name),
    note(name, version) {
      known.delete(name)
      known.set(name, version)
      if (known.size <= countMax) return
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    },
    forget: (name) => void known.delete(name),
  }
}
