import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonDepthMax, parseJson, parseJsonBytes, stringifyJson } from './json.ts'

/** As JSON.parse would have it: exact integers become doubles. */
function rounded(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, rounded(member)]))
}

describe('parseJson', () => {
  it('keeps integers beyond 2^53 exact and others as numbers', () => {
    expect(parseJson('[9007199254740991,9007199254740992,-18446744073709551615,1.5,1e3]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -18446744073709551615n,
      1.5,
      1000,
    ])
  })

  it('agrees with JSON.parse where nothing is lost', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        fc.pre(!text.includes('__proto__'))
        expect(rounded(parseJson(text))).toEqual(JSON.parse(text))
      }),
    )
  })

  it('treats constructor as data and has no prototype to reach', () => {
    const value = parseJson('{"constructor":{"prototype":{"x":1}}}')
    expect(Object.getPrototypeOf(value)).toBeNull()
    expect(Reflect.ownKeys(Object.prototype)).not.toContain('x')
  })

  it.each([
    ['{"__proto__":{}}', '__proto__'],
    ['{"\\u005f_proto__":1}', '__proto__'],
    ['', 'EOF'],
    ['{"a":1,}', 'expected a key'],
    ['{"a" 1}', 'expected ":"'],
    ['[1 2]', 'expected ","'],
    ['[1]x', 'trailing'],
    ['"\\ud800"', 'surrogate'],
    ['"\\x"', 'escape'],
    ['"a', 'unterminated'],
    ['"\u0001"', 'control'],
    ['01', 'trailing'],
    ['1e999', 'out of range'],
    ['1'.repeat(50), 'too long'],
    ['nul', 'unexpected'],
    ['['.repeat(jsonDepthMax + 2), 'nested'],
  ])('refuses %j', (text, why) => {
    expect(() => parseJson(text)).toThrow(why)
  })

  it('accepts the greatest depth', () => {
    const text = `${'['.repeat(jsonDepthMax + 1)}${']'.repeat(jsonDepthMax + 1)}`
    expect(() => parseJson(text)).not.toThrow()
    expect(() => parseJson(`[${text}]`)).toThrow('nested')
  })

  it('refuses invalid UTF-8', () => {
    expect(() => parseJsonBytes(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('UTF-8')
  })
})

describe('stringifyJson', () => {
  it('writes as Go does', () => {
    const map = new Map<string, unknown>([
      ['b', 1n << 63n],
      ['a', undefined],
      ['\u{1F600}', '<&>'],
      ['\uFFFD', null],
    ])
    expect(stringifyJson({ z: 1, y: undefined, m: map, l: [undefined, true] })).toBe(
      '{"z":1,"m":{"b":9223372036854775808,"\uFFFD":null,"\u{1F600}":"<&>"},"l":[null,true]}',
    )
  })

  it('round-trips', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        fc.pre(!JSON.stringify(value).includes('__proto__'))
        expect(rounded(parseJson(stringifyJson(value)))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('refuses what JSON cannot say', () => {
    expect(() => stringifyJson(Number.NaN)).toThrow(TypeError)
    expect(() => stringifyJson(() => 1)).toThrow(TypeError)
  })
})
