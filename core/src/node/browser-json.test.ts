import fc from 'fast-check'
import { expect, it } from 'vitest'
import { indentJson } from './browser-json.ts'

it('indents without changing a value', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(indentJson(text))).toEqual(JSON.parse(text))
    }),
  )
})

it('keeps numbers beyond 2^53 and writes one member a line', () => {
  const text = '{"a":18446744073709551615,"b":[1,{"c":"x, {y}: \\"z\\""}],"d":[],"e":{}}'
  expect(indentJson(text)).toBe(
    '{\n  "a": 18446744073709551615,\n  "b": [\n    1,\n    {\n      "c": "x, {y}: \\"z\\""\n    }\n  ],\n  "d": [],\n  "e": {}\n}\n',
  )
})
