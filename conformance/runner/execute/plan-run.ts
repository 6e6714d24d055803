import type { ConformanceCase } from '../model/case.ts'

/** The order of a run: `waves` run within themselves at once, then `alone` one by one. */
export interface RunPlan {
  readonly waves: readonly (readonly ConformanceCase[])[]
  readonly alone: readonly ConformanceCase[]
}

/**
 * Puts cases after what they need.
 * @throws Error when a need names no case or needs go round in a circle
 */
export function planRun(cases: readonly ConformanceCase[]): RunPlan {
  const depths = new Map<string, number>()
  const byId = new Map(cases.map((subject) => [subject.id, subject]))
  const depthOf = (id: string, path: readonly string[]): number => {
    const known = depths.get(id)
    if (known !== undefined) return known
    const subject = byId.get(id)
    if (subject === undefined) throw new Error(`${path.at(-1)} needs ${id}, which is no case`)
    if (path.includes(id)) throw new Error(`needs in a circle: ${[...path, id].join(' > ')}`)
    const below = (subject.needs ?? []).map((need) => depthOf(need, [...path, id]) + 1)
    const depth = Math.max(0, ...below)
    depths.set(id, depth)
    return depth
  }
  const ordered = cases.map((subject) => ({ subject, depth: depthOf(subject.id, []) }))
  const levels = Math.max(0, ...ordered.map(({ depth }) => depth + 1))
  const waves = Array.from({ length: levels }, (_unused, level) =>
    ordered
      .filter(({ subject, depth }) => depth === level && subject.exclusive !== true)
      .map(({ subject }) => subject),
  )
  return {
    waves,
    alone: ordered
      .toSorted((left, right) => left.depth - right.depth)
      .filter(({ subject }) => subject.exclusive === true)
      .map(({ subject }) => subject),
  }
}

/** The chosen cases and everything they need, directly or not. */
export function withNeeds(
  chosen: readonly ConformanceCase[],
  all: readonly ConformanceCase[],
): ConformanceCase[] {
  const wanted = new Set<string>()
  const add = (subject: ConformanceCase): void => {
    if (wanted.has(subject.id)) return
    wanted.add(subject.id)
    for (const need of subject.needs ?? []) {
      const found = all.find((candidate) => candidate.id === need)
      if (found !== undefined) add(found)
    }
  }
  for (const subject of chosen) add(subject)
  return all.filter((subject) => wanted.has(subject.id))
}
