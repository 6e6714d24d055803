import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeObjectPath, objectTarget, parseObjectPath, parseTarget } from './target.ts'

const latin1 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

describe('parseTarget', () => {
  it('decodes once, drops empty words, keeps the query', () => {
    const target = parseTarget('/v1//objects/b/a%2520b?provider=ais&x=1+2&x=3&flag')
    expect(target.segments).toEqual(['v1', 'objects', 'b', 'a%20b'])
    expect(target.query.get('x')).toBe('1 2')
    expect(target.query.get('flag')).toBe('')
    expect(target.query.has('none')).toBe(false)
    expect(target.query.all()).toHaveLength(4)
    expect(target.rawQuery).toBe('provider=ais&x=1+2&x=3&flag')
  })

  it('reads raw and escaped UTF-8 alike', () => {
    expect(parseTarget(`/v1/objects/b/${latin1('é😀')}`).path).toBe('/v1/objects/b/é😀')
    expect(parseTarget('/v1/objects/b/%C3%A9%f0%9f%98%80').path).toBe('/v1/objects/b/é😀')
  })

  it.each([
    '*',
    '',
    '/v1/objects/b/%00',
    '/v1/objects/b/a%2',
    '/v1/objects/b/%zz',
    '/v1/objects/b/%c0%ae',
    '/v1/objects/b/%ff',
    '/v1/objects/b/\u00ff',
    '/v1/objects/b/a b',
    '/v1/objects/b/../c',
    '/v1/objects/b/.',
    '/v1/objects/b/%2e%2E/c',
    '/v1/objects/b/a%2f..%2fc',
    '/v1/daemon?what=%00',
    '/v1/daemon?what=%ff',
    `/v1/daemon?${'a=1&'.repeat(101)}`,
  ])('refuses %j', (raw) => {
    expect(() => parseTarget(raw)).toThrow(/invalid request URI/)
  })

  it('takes 100 parameters', () => {
    expect(parseTarget(`/v1/x?${'a=1&'.repeat(100)}`).query.all()).toHaveLength(100)
  })

  it.each([
    ['true', true],
    ['True', true],
    ['y', true],
    ['1', true],
    ['on', true],
    ['no', false],
    ['', false],
    ['2', false],
  ])('reads the boolean %j as %s', (text, expected) => {
    expect(parseTarget(`/v1/x?b=${text}`).query.bool('b')).toBe(expected)
  })
})

describe('parseObjectPath', () => {
  it.each([
    ['/v1/objects/b/o', 'b', 'o'],
    ['//v1///objects//b/o/', 'b', 'o/'],
    ['/v1/objects/b//x//y', 'b', '/x//y'],
    ['/v1/objects/b/', 'b', undefined],
    ['/v1/objects/b', 'b', undefined],
    ['/v1/objects/', undefined, undefined],
    ['/v1/objects/v1/objects', 'v1', 'objects'],
    ['/v1/objects/b/a%5Cb%2Fc', 'b', 'a\\b/c'],
    ['/v1/buckets/b/pre/fix', 'b', 'pre/fix'],
  ])('%s', (raw, bucket, object) => {
    expect(parseObjectPath(parseTarget(raw))).toMatchObject({ bucket, object })
  })

  it('leaves other resources alone', () => {
    expect(parseObjectPath(parseTarget('/v1/cluster/x'))).toBeUndefined()
    expect(parseObjectPath(parseTarget('/v2/objects/b/o'))).toBeUndefined()
  })
})

describe('encodeObjectPath', () => {
  it('decodes to the same name, whatever it is', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter(
        (text) => !text.includes('\0') && text.split('/').every((s) => s !== '.' && s !== '..'),
      )
    fc.assert(
      fc.property(name, (object) => {
        const parsed = parseObjectPath(parseTarget(`/v1/objects/b/${encodeObjectPath(object)}`))
        expect(parsed).toEqual({ resource: 'objects', bucket: 'b', object })
      }),
    )
  })

  it('makes targets of buckets and objects', () => {
    const bck = { name: 'b', provider: 'ais', namespace: { uuid: 'u', name: 'n' } } as const
    expect(objectTarget(bck, 'a b')).toBe('/v1/objects/b/a%20b?provider=ais&namespace=%40u%23n')
    expect(objectTarget({ ...bck, namespace: { uuid: '', name: '' } })).toBe(
      '/v1/buckets/b?provider=ais',
    )
  })
})
