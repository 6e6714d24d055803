import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareUtf8 } from '../algorithms/utf8.ts'
import { afterNull, behind, createVersionFilter, startAfter, type Told } from './version-filter.ts'
import {
  isMarker,
  isNull,
  listedRow,
  parseVersionRow,
  pastVersions,
  versionRow,
} from './version-name.ts'

const orders = fc.integer({ min: 1, max: 40 }).map((at) => `${at}`.padStart(32, '0'))
const kinds = fc.constantFrom('version' as const, 'null', 'marker', 'null-marker')
const keys = fc.constantFrom('a', 'a/', 'a/b', 'ab', 'b')
const rowNames = fc
  .uniqueArray(
    fc.oneof(
      keys,
      fc.record({ key: keys, order: orders, kind: kinds }).map((version) => versionRow(version)),
    ),
    { maxLength: 40, selector: (name) => name.replace(/[vnmd]$/, '') },
  )
  .map((names) => names.toSorted(compareUtf8))

function tell(names: readonly string[], all: boolean): string[] {
  const filter = createVersionFilter<string>(all)
  const told = [...names.flatMap((name) => filter.take(name, name)), ...filter.finish()]
  return told.map(({ name }) => name)
}

/** What is said of them, in other words. */
function expected(names: readonly string[], all: boolean): string[] {
  const listed = names.map(listedRow).toSorted(compareUtf8)
  const counted = listed.filter((name, at) => {
    const version = parseVersionRow(name)
    const isOlderNull = listed.slice(0, at).some((before) => {
      const newer = parseVersionRow(before)
      return newer !== undefined && newer.key === version?.key && isNull(newer)
    })
    return version !== undefined && !(isNull(version) && isOlderNull)
  })
  if (all) return counted
  const seen = new Set<string>()
  return counted.flatMap((name) => {
    const version = parseVersionRow(name)
    if (version === undefined || seen.has(version.key)) return []
    seen.add(version.key)
    return isMarker(version) ? [] : [version.key]
  })
}

test('tells each version once, the newest `null` alone, and of current objects the keys', () => {
  fc.assert(
    fc.property(rowNames, fc.boolean(), (names, all) => {
      expect(tell(names, all)).toEqual(expected(names, all))
      const doubled = names.flatMap((name) => [name, name])
      expect(tell(doubled, all)).toEqual(expected(names, all))
    }),
  )
})

test('goes on wherever it ended', () => {
  fc.assert(
    fc.property(rowNames, fc.boolean(), fc.nat(), (names, all, chance) => {
      const whole = tell(names, all)
      const last = whole[chance % Math.max(whole.length, 1)]
      if (last === undefined) return
      const { from, key } = startAfter(last, all)
      const rest: Told<string>[] = []
      if (key !== undefined) {
        const filter = createVersionFilter<string>(all)
        const own = names.filter((name) => name === key || name.startsWith(`${key}\0`))
        const told = [...own.flatMap((name) => filter.take(name, name)), ...filter.finish()]
        rest.push(...behind(last, told))
      }
      const filter = createVersionFilter<string>(all)
      const later = names.filter((name) => compareUtf8(name, from) > 0)
      rest.push(...later.flatMap((name) => filter.take(name, name)), ...filter.finish())
      expect(rest.map(({ name }) => name)).toEqual(whole.slice(whole.indexOf(last) + 1))
    }),
  )
})

test('a buried `null` version hides those that are older', () => {
  const at = (order: string, kind: 'null' | 'version') =>
    versionRow({ key: 'k', order: order.padStart(32, '0'), kind })
  for (const all of [true, false]) {
    const filter = createVersionFilter<string>(all)
    const told = [
      ...filter.take('k', 'k'),
      ...filter.bury(at('3', 'null')),
      ...filter.take(at('2', 'null'), 'two'),
      ...filter.take(at('1', 'version'), 'one'),
      ...filter.finish(),
    ]
    expect(told.map(({ row }) => row)).toEqual(['one'])
  }
})

test('goes on behind the `null` version of a key wherever it is, and behind a whole key', () => {
  const name = (order: string, kind: 'null' | 'version') =>
    versionRow({ key: 'k', order: order.padStart(32, '0'), kind })
  const told = [name('3', 'version'), name('2', 'null'), name('1', 'version')].map((each) => {
    return { name: each, row: each }
  })
  expect(behind(afterNull('k'), told)).toEqual(told.slice(2))
  expect(behind(afterNull('k'), told.slice(2))).toEqual([])
  expect(startAfter(pastVersions('k'), true)).toEqual({ from: pastVersions('k') })
})
