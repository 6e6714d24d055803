import { describe, expect, it } from 'vitest'
import { AisError } from '../errors/ais-error.ts'
import { errorEnvelope } from './error-envelope.ts'
import { stringifyJson } from './json.ts'
import { parseTemplate, selectionOf, templateCount, templateNames } from './list-range.ts'
import { entryFlag, listPageToJson, lsoFlag, lsoProps, parseLsoMsg } from './lso.ts'
import { isRedirected, redirectMarker } from './redirect.ts'
import { parseTarget } from './target.ts'

describe('list-objects messages', () => {
  it("has upstream's defaults", () => {
    for (const value of [null, {}]) {
      const msg = parseLsoMsg(value)
      expect(msg.flags).toBe(lsoFlag.nameSize)
      expect([...lsoProps(msg)]).toEqual(['name', 'size', 'cached'])
    }
    const cached = parseLsoMsg({ flags: '1' })
    expect([...lsoProps(cached)]).toEqual(['name', 'size', 'checksum', 'atime'])
    const archive = parseLsoMsg({ flags: '8' })
    expect(archive.flags & lsoFlag.cached).toBe(lsoFlag.cached)
  })

  it.each([
    ['name', 16n, ['name']],
    ['name,size', 32n, ['name', 'size']],
    ['size,nosuch,custom', 0n, ['name', 'size', 'custom']],
    ['location', 0n, ['name', 'location']],
  ] as const)('props %j', (props, flag, names) => {
    const msg = parseLsoMsg({ props })
    expect(msg.flags).toBe(flag)
    expect([...lsoProps(msg)].toSorted()).toEqual([...names].toSorted())
  })

  it('reads what the Python SDK sends', () => {
    const msg = parseLsoMsg({
      prefix: 'p/',
      pagesize: 2,
      uuid: 'Vq1jHqYGz',
      props: '',
      continuation_token: 'b',
      flags: '0',
      target: '',
    })
    expect(msg).toMatchObject({
      prefix: 'p/',
      pageSize: 2,
      continuationToken: 'b',
      uuid: 'Vq1jHqYGz',
    })
  })

  it.each([
    [{ flags: 1 }, '"flags"'],
    [{ nosuch: 1 }, 'unknown field "nosuch"'],
    [{ pagesize: -1 }, '"pagesize"'],
    [{ prefix: '../x' }, 'invalid prefix'],
    [{ flags: String(1 + 512) }, 'exclude'],
    [{ flags: '32768', start_after: 'a' }, 'start_after'],
    [{ flags: String(32768 + 8) }, 'archiveDir'],
  ])('refuses %j', (value, why) => {
    expect(() => parseLsoMsg(value)).toThrow(why)
  })

  it("answers in upstream's JSON", () => {
    const entries = [
      { name: 'a', sizeBytes: 5, flags: entryFlag.cached },
      { name: 'd/', flags: entryFlag.directory, custom: '[k:v]', copies: 1, version: '1' },
    ]
    expect(
      stringifyJson(listPageToJson({ uuid: 'Vq1jHqYGz', token: 'b', entries, flags: 0 })),
    ).toBe(
      '{"uuid":"Vq1jHqYGz","continuation_token":"b","entries":[{"name":"a","size":"5","flags":64},' +
        '{"name":"d/","version":"1","custom-md":"[k:v]","copies":1,"flags":256}],"flags":0}',
    )
  })
})

describe('templates', () => {
  const names = (template: string, count?: number) => [
    ...templateNames(parseTemplate(template), count),
  ]

  it.each([
    ['p-{8..10}-s', ['p-8-s', 'p-9-s', 'p-10-s']],
    ['p{0001..0005..2}', ['p0001', 'p0003', 'p0005']],
    ['{08..10}', ['08', '09', '10']],
    ['a{1..2}b{1..2}c', ['a1b1c', 'a1b2c', 'a2b1c', 'a2b2c']],
    ['p-@02-s', ['p-00-s', 'p-01-s', 'p-02-s']],
    ['@1x@1', ['0x0', '0x1', '1x0', '1x1']],
  ])('%s', (template, expected) => {
    expect(names(template)).toEqual(expected)
    expect(templateCount(parseTemplate(template))).toBe(expected.length)
  })

  it('counts without end, as far as it is told to', () => {
    expect(names('p-%03d-s', 2)).toEqual(['p-000-s', 'p-001-s'])
    expect(names('%d', 1)).toEqual(['0'])
    expect(() => names('p-%06d')).toThrow('too many names')
  })

  it.each(['{0..9999999999999}', '{1..1000001}', '{1..1001}{1..1000}', '@99999999'])(
    'X06: %s is refused before it is expanded',
    (template) => {
      expect(() => templateNames(parseTemplate(template))).toThrow('too many names')
    },
  )

  it.each([
    '{1..}',
    '{2..1}',
    '{1..2..0}',
    '{-1..2}',
    '{1}',
    '{1..2..3..4}',
    '}{',
    '{1..2}{3',
    '{1..99999999999999999999}',
    'a@b',
    'a%xb',
    '%6d',
  ])('%s is malformed', (template) => {
    expect(() => parseTemplate(template)).toThrow('invalid template')
  })

  it('is a prefix otherwise', () => {
    expect(selectionOf({ template: 'logs/*', objnames: [] })).toEqual({
      kind: 'prefix',
      prefix: 'logs/',
    })
    expect(selectionOf({ template: '*', objnames: [] })).toEqual({ kind: 'prefix', prefix: '' })
    expect(selectionOf({ template: 'x{1..2}', objnames: ['a'] })).toEqual({
      kind: 'names',
      names: ['a'],
    })
    expect(selectionOf({ template: '{1..2}', objnames: [] }).kind).toBe('template')
  })
})

describe('redirect marker', () => {
  it('is recognised by both its parameters', () => {
    const marker = redirectMarker('ATipJhgn', 1787220000000000000n, (1n << 63n) | 7n)
    const query = parseTarget(`/v1/objects/b/o?provider=ais&${marker}`).query
    expect(query.get('bid')).toBe('1y2p0ij32e8ef')
    expect(query.get('pid')).toBe('ATipJhgn')
    expect(isRedirected(query)).toBe(true)
    for (const partial of ['pid=x', 'utm=abc', 'pid=&utm=abc', 'pid=x&utm=', 'pid=x&utm=!']) {
      expect(isRedirected(parseTarget(`/v1/objects/b/o?${partial}`).query)).toBe(false)
    }
  })
})

describe('errorEnvelope', () => {
  const context = {
    method: 'GET',
    urlPath: '/v1/buckets/nosuch',
    remoteAddr: '127.0.0.1:42720',
    caller: '',
    node: 'p[lgGp8080]',
  }
  it("has upstream's keys in their order, HTML unescaped", () => {
    const error = new AisError('ErrBckNotFound', 'bucket "ais://<nosuch>" does not exist')
    expect(errorEnvelope(error, context)).toBe(
      '{"tcode":"ErrBckNotFound","message":"bucket \\"ais://<nosuch>\\" does not exist","method":"GET",' +
        '"url_path":"/v1/buckets/nosuch","remote_addr":"127.0.0.1:42720","caller":"","node":"p[lgGp8080]","status":404}',
    )
  })

  it('names no type for a plain error', () => {
    const error = new AisError('ErrBadRequest', 'x', { status: 409 })
    expect(errorEnvelope(error, context)).toMatch(/^\{"message":"x",.*"status":409\}$/)
  })
})
