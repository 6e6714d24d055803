import { describe, expect, it } from 'vitest'
import { flatten, parseKeyValues } from './key-values.ts'
import { expandTemplate, parseTemplate } from './template.ts'

describe('templates', () => {
  it.each([
    ['s-{08..11}.tar', ['s-08.tar', 's-09.tar', 's-10.tar', 's-11.tar']],
    ['{0..4..2}', ['0', '2', '4']],
    ['{0..1}{1..2}x', ['01x', '02x', '11x', '12x']],
    ['prefix/', ['prefix/']],
    ['*', ['']],
  ])('expands %s', (text, names) => {
    expect([...expandTemplate(parseTemplate(text))]).toEqual(names)
  })

  it.each(['{5..1}', '{a..b}', '{0..9..0}', 'a{b', '{0..99999999}'])('refuses %s', (text) => {
    expect(() => parseTemplate(text)).toThrow(/template/)
  })
})

describe('key-value arguments', () => {
  it('reads pairs, a single pair and JSON alike', () => {
    expect(parseKeyValues(['a.b=1', 'c=x=y'])).toEqual([
      ['a.b', '1'],
      ['c', 'x=y'],
    ])
    expect(parseKeyValues(['a.b', '1'])).toEqual([['a.b', '1']])
    expect(parseKeyValues(['{"a":{"b":1,"c":true}}'])).toEqual([
      ['a.b', '1'],
      ['a.c', 'true'],
    ])
  })

  it('names what is no pair', () => {
    expect(() => parseKeyValues(['a=1', 'nonsense'])).toThrow('"nonsense"')
    expect(() => parseKeyValues(['{"a"'])).toThrow(/JSON/)
  })

  it('keeps 64-bit integers', () => {
    expect(flatten({ bid: 9223372036854775811n })).toEqual([['bid', '9223372036854775811']])
  })
})
