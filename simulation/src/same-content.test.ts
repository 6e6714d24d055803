import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sameContent } from './same-content.ts'

it.each([
  [{ a: 1 }, { a: 2 }],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{ a: 1, b: 2 }, { a: 1 }],
  [[1, 2], [1]],
  [[], {}],
  [new Map([['a', 1]]), new Map([['b', 1]])],
  [new Map([['a', { b: 1n }]]), new Map([['a', { b: 2n }]])],
  [new Map(), {}],
  [{}, null],
  ['1', 1],
])('%o and %o differ', (a, b) => {
  expect(sameContent(a, b)).toBe(false)
  expect(sameContent(b, a)).toBe(false)
})

it('takes what is undefined for absent, and maps in any order', () => {
  expect(sameContent({ a: 1, b: undefined }, { a: 1 })).toBe(true)
  expect(
    sameContent(
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
      new Map([
        ['b', 2],
        ['a', 1],
      ]),
    ),
  ).toBe(true)
})

it('a copy by way of JSON is the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(sameContent(value, JSON.parse(JSON.stringify(value)))).toBe(true)
    }),
  )
})
