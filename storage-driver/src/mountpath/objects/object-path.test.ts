import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareUtf8, nameForm, prefixEnd } from './object-name.ts'
import { objectPath, parseObjectPath } from './object-path.ts'

/** Names of every kind: Unicode, separators in rows, dots, components around 255 bytes, up to 3,000 bytes. */
const anyName = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.string({ unit: fc.constantFrom('/', '.', 'a', '%', '+', '='), minLength: 1, maxLength: 30 }),
    fc
      .tuple(fc.constantFrom('a', '/', '%', '\u00fc', '\u{1f600}', 'ab/', '../'), fc.nat(3_000))
      .map(([piece, bytes]) => piece.repeat(1 + Math.floor(bytes / Buffer.byteLength(piece)))),
  )
  .filter((name) => Buffer.byteLength(name) <= 3_000 && !name.includes('\0'))

describe('the path of a name', () => {
  it('gives the name back, in both folders', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(parseObjectPath(objectPath(name, true))).toEqual({ name, escaped: true })
        if (nameForm(name) === 'plain') {
          expect(objectPath(name, false)).toBe(`%ob/${name}`)
          expect(parseObjectPath(`%ob/${name}`)).toEqual({ name, escaped: false })
        } else {
          expect(parseObjectPath(`%ob/${name}`)).toBeUndefined()
        }
      }),
      { numRuns: 500 },
    )
  })

  it('fits the file system, and no escaped file lies where another name needs a directory', () => {
    fc.assert(
      fc.property(anyName, anyName, (a, b) => {
        const path = objectPath(a, true)
        expect(Buffer.byteLength(path)).toBeLessThan(3_800)
        for (const component of path.split('/')) {
          expect(Buffer.byteLength(component)).toBeLessThanOrEqual(255)
          expect(['', '.', '..']).not.toContain(component)
        }
        if (a !== b) {
          expect(path).not.toBe(objectPath(b, true))
          expect(objectPath(b, true).startsWith(`${path}/`)).toBe(false)
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    ['a', 'plain'],
    ['a/b/c.txt', 'plain'],
    [' leading and trailing ', 'plain'],
    ['.hidden', 'plain'],
    ['...', 'plain'],
    ['-rf', 'plain'],
    ['%ob/%2F', 'plain'],
    ['line\nbreak', 'plain'],
    ['\u00e9 and e\u0301', 'plain'],
    ['x'.repeat(255), 'plain'],
    ['\u{1f600}'.repeat(63), 'plain'],
    ['x'.repeat(256), 'escaped'],
    ['\u{1f600}'.repeat(64), 'escaped'],
    ['/a', 'escaped'],
    ['a/', 'escaped'],
    ['a//b', 'escaped'],
    ['/', 'escaped'],
    ['.', 'escaped'],
    ['a/../b', 'escaped'],
    ['a/.', 'escaped'],
  ] as const)('of row %$ is told', (name, form) => {
    expect(nameForm(name)).toBe(form)
  })

  it.each([
    ['', 'empty'],
    ['a\0b', 'NUL'],
    ['a\ud800', 'surrogate'],
    ['\udc00a', 'surrogate'],
    ['\ud800\ud800', 'surrogate'],
    [`${'a/'.repeat(1_500)}b`, 'too long'],
  ])('is refused in row %$', (name, why) => {
    expect(() => nameForm(name)).toThrow(
      expect.objectContaining({ code: 'ErrBadRequest', message: expect.stringContaining(why) }),
    )
  })

  it.each(['%ox/=pa%2fb', '%ox/=qab', '%ox/=p%00', '%ox/pab', '%ox/=p', '%ox/=z!', '%xx/a', 'a'])(
    'is never %j',
    (path) => {
      expect(parseObjectPath(path)).toBeUndefined()
    },
  )
})

describe('the order of names', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 6 })

  it('is that of their UTF-8 bytes', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareUtf8(a, b))).toBe(expected)
      }),
    )
  })

  it('has an end to every prefix, and nothing in between', () => {
    fc.assert(
      fc.property(text, text, (prefix, name) => {
        const end = prefixEnd(prefix)
        const inside =
          compareUtf8(name, prefix) >= 0 && (end === undefined || compareUtf8(name, end) < 0)
        expect(inside).toBe(name.startsWith(prefix))
        if (end !== undefined) expect(compareUtf8(`${prefix}\u{10ffff}`, end)).toBeLessThan(0)
      }),
    )
    expect(prefixEnd('')).toBeUndefined()
    expect(prefixEnd('\u{10ffff}')).toBeUndefined()
    expect(prefixEnd('a\u{10ffff}')).toBe('b')
    expect(prefixEnd('\ud7ff')).toBe('\ue000')
  })
})
