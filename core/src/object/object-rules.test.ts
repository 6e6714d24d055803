import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAisError } from '../errors/ais-error.ts'
import { checkCustomMd, parseCustomMap, parseCustomMd } from './custom-md.ts'
import { deriveEtag } from './etag.ts'
import { checkObjectName, checkPrefix } from './object-name.ts'
import { contentRange, parseRange } from './range.ts'

describe('object names', () => {
  it.each([
    'a',
    'a/b',
    '//x',
    'a//b',
    '...',
    'a/..b',
    '.hidden',
    'é😀',
    'x'.repeat(3000),
    '~x',
    'a\\b',
  ])('accepts %j', (name) => {
    expect(() => checkObjectName(name, { forWrite: true })).not.toThrow()
  })

  it.each([
    '',
    'a/',
    '~/a',
    '.',
    '..',
    'a/..',
    '../a',
    'a/./b',
    'a\0b',
    '\ud800',
    'x'.repeat(3001),
    'é'.repeat(1501),
  ])('refuses %j', (name) => {
    expect(() => checkObjectName(name, { forWrite: true })).toThrow(/^invalid object name "/)
  })

  it('lets a read and a prefix end with a slash', () => {
    expect(() => checkObjectName('a/', { forWrite: false })).not.toThrow()
    expect(() => checkPrefix('')).not.toThrow()
    expect(() => checkPrefix('a/')).not.toThrow()
    expect(() => checkPrefix('a/../')).toThrow('invalid prefix')
  })

  it('never lets a dot component through', () => {
    const part = fc.constantFrom('.', '..', 'a', '', '...', '.a')
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const name = parts.join('/')
        const bad = name === '' || parts.some((p) => p === '.' || p === '..')
        const check = () => checkObjectName(name, { forWrite: false })
        if (bad) expect(check).toThrow()
        else expect(check).not.toThrow()
      }),
    )
  })
})

describe('ranges', () => {
  it.each([
    [undefined, 10, 'whole'],
    ['', 10, 'whole'],
    ['bytes=0-', 10, { offset: 0, length: 10 }],
    ['bytes=1-2', 5, { offset: 1, length: 2 }],
    ['Bytes=2-99', 5, { offset: 2, length: 3 }],
    ['bytes=-3', 10, { offset: 7, length: 3 }],
    ['bytes=-30', 10, { offset: 0, length: 10 }],
    ['bytes= 1 - 1 ,', 5, { offset: 1, length: 1 }],
    ['bytes=0-9223372036854775807', 5, { offset: 0, length: 5 }],
  ] as const)('%j of %i', (header, size, range) => {
    expect(parseRange(header, size)).toEqual(range)
  })

  it.each([
    ['bytes=9-', 5],
    ['bytes=5-5', 5],
    ['bytes=0-', 0],
    ['bytes=-0', 5],
    ['bytes=-1', 0],
    ['bytes=0-1,3-4', 5],
    ['bytes=3-2', 5],
    ['bytes=-', 5],
    ['bytes=', 5],
    ['bytes=a-b', 5],
    ['bytes=--1', 5],
    ['bytes=1-2-3', 5],
    ['items=0-1', 5],
    ['bytes', 5],
  ])('%j of %i is not satisfiable', (header, size) => {
    try {
      parseRange(header, size)
      expect.unreachable()
    } catch (error) {
      expect(isAisError(error, 'ErrRangeNotSatisfiable') && error.status).toBe(416)
    }
  })

  it('lies within the object', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (a, b, size) => {
        fc.pre(a <= b && a < size)
        const range = parseRange(`bytes=${a}-${b}`, size)
        if (range === 'whole') throw new Error('a range was asked for')
        expect(range.offset).toBe(a)
        expect(range.offset + range.length).toBe(Math.min(b + 1, size))
      }),
    )
    expect(contentRange({ offset: 1, length: 2 }, 5)).toBe('bytes 1-2/5')
  })
})

describe('custom metadata', () => {
  it('splits at the first "=", keeps order, last value of a key wins', () => {
    const custom = parseCustomMd(['k=a=b', 'z=', 'k=2'])
    expect(custom).toEqual([
      ['k', '2'],
      ['z', ''],
    ])
    expect(parseCustomMap({ a: 'b' })).toEqual([['a', 'b']])
    expect(parseCustomMap(null)).toEqual([])
  })

  it('ends at 2 KiB', () => {
    expect(() => checkCustomMd([['k', 'v'.repeat(2047)]])).not.toThrow()
    expect(() => checkCustomMd([['k', 'v'.repeat(2048)]])).toThrow(
      'total size 2049 exceeds max 2048',
    )
    expect(() => checkCustomMd([['k', 'é'.repeat(1024)]])).toThrow('2049')
  })

  it.each([
    [['novalue'], 'expecting key=value'],
    [['=v'], 'empty key'],
    [['k=\x01'], 'reserved'],
    [['k=a\r\nb'], 'reserved'],
    [['k=\ud800'], 'reserved'],
  ])('refuses %j', (lines, why) => {
    expect(() => parseCustomMd(lines)).toThrow(why)
  })

  it.each([[{ a: 1 }], [[]], ['x'], [{ 'a=b': 'c' }]])('refuses the map %j', (value) => {
    expect(() => parseCustomMap(value)).toThrow('custom metadata')
  })
})

describe('deriveEtag', () => {
  const plain = {
    custom: [],
    checksum: { type: 'xxhash2', value: '26c7827d889f6da3' },
    mtimeNs: 1795379676352640424n,
  } as const
  it('prefers the custom one, then MD5, then checksum and time', () => {
    expect(deriveEtag(plain)).toBe(`v1-26c7827d889f6da3-${1795379676352640424n.toString(36)}`)
    expect(deriveEtag({ ...plain, custom: [['ETag', '"abc"']] })).toBe('abc')
    const md5 = { type: 'md5', value: 'd41d8cd98f00b204e9800998ecf8427e' } as const
    expect(deriveEtag({ ...plain, checksum: md5 })).toBe(md5.value)
    expect(deriveEtag({ ...plain, checksum: md5, chunks: [] })).toMatch(/^v1-/)
    expect(deriveEtag({ ...plain, checksum: { type: 'none', value: '' } })).toBeUndefined()
  })
})
