import { expect, test } from 'vitest'
import { findMismatch, show } from './match.ts'
import * as m from './matcher.ts'

const accepts: readonly [unknown, m.Matcher][] = [
  ['a', 'a'],
  [5n, 5n],
  ['abc', /b/],
  [{ a: 1, b: 2 }, { a: 1 }],
  [
    [1, 2],
    [1, 2],
  ],
  [{ a: 1 }, { b: m.absent, a: m.present }],
  [[], m.each('x')],
  [['x'], m.each('x')],
  [{ k: 1 }, m.mapOf(m.integer)],
  [[1, 2, 3], m.contains(3, 1)],
  [[1, 2], m.unordered(2, 1)],
  [[1, 2], m.size(2)],
  [{ a: 1 }, m.exactly({ a: 1 })],
  ['7', m.atLeast(7)],
  [18446744073709551615n, m.integer],
  [null, m.noEntries],
  ['b', m.not('a')],
  ['ab', m.all(/a/, /b/)],
]
const refuses: readonly [unknown, m.Matcher][] = [
  ['a', 'b'],
  [5, 5n],
  [5, '5'],
  [5, /5/],
  [{ a: 1 }, { a: 2 }],
  [{}, { a: 1 }],
  [[1], [1, 2]],
  [
    [2, 1],
    [1, 2],
  ],
  [{ a: 1 }, { a: m.absent }],
  [{}, { a: m.present }],
  [['y'], m.each('x')],
  ['no array', m.each('x')],
  [{}, m.mapOf(m.integer)],
  [{ k: 'x' }, m.mapOf(m.integer)],
  [[1], m.contains(2)],
  [[1, 1], m.unordered(1, 2)],
  [[1], m.size(2)],
  [{ a: 1, b: 1 }, m.exactly({ a: 1 })],
  ['', m.atLeast(0)],
  [undefined, m.atLeast(0)],
  [1.5, m.integer],
  ['a', m.not('a')],
  ['a', m.oneOf('b', 'c')],
  ['a', m.all(/a/, /b/)],
  [{}, { constructor: m.present }],
]

const titled = (pairs: readonly [unknown, m.Matcher][]) =>
  pairs.map(
    ([actual, expected]) => [`${show(actual)} for ${show(expected)}`, actual, expected] as const,
  )

test.each(titled(accepts))('%s is accepted', (_title, actual, expected) => {
  expect(findMismatch('value', actual, expected)).toBeUndefined()
})

test.each(titled(refuses))('%s is refused', (_title, actual, expected) => {
  expect(findMismatch('value', actual, expected)).toMatch(/^value/)
})

test('a complaint names the place, the wish and the value', () => {
  const complaint = findMismatch('json', { a: [{ b: 1 }] }, { a: [{ b: 2 }] })
  expect(complaint).toBe('json.a[0].b: expected 2, got 1')
})
