import type { Clock } from '@aistore-ts/core/ports/clock.ts'

/** When an append was last asked for in this process, since the time of its file tells of finished writes only. */
export interface LastUses {
  touch(id: string): void
  /** ms; infinite when it was not asked for. */
  ageMs(id: string): number
  /** Forgets what is older than `ageMs`. */
  prune(ageMs: number): void
}

export function createLastUses(clock: Clock): LastUses {
  const uses = new Map<string, number>()
  return {
    touch: (id) => {
      uses.set(id, clock.monotonic())
    },
    ageMs: (id) => clock.monotonic() - (uses.get(id) ?? Number.NEGATIVE_INFINITY),
    prune: (ageMs) => {
      for (const [id, atMs] of uses) if (clock.monotonic() - atMs > ageMs) uses.delete(id)
    },
  }
}
