import { describe, expect, it } from 'vitest'
import { formatAccess, parseAccess } from './access.ts'
import { formatFeatures, parseFeatures } from './features.ts'
import { propRows } from './prop-rows.ts'
import { bucketPropsOf } from './settable-props.ts'

describe('bucketPropsOf', () => {
  it('builds the tree, each value in its type', () => {
    expect(
      bucketPropsOf([
        ['mirror.enabled', 'true'],
        ['mirror.copies', '2'],
        ['checksum.type', 'md5'],
        ['access', 'ro'],
      ]),
    ).toEqual({
      mirror: { enabled: true, copies: 2 },
      checksum: { type: 'md5' },
      access: '771',
    })
  })

  it('knows the short form of a backend', () => {
    expect(bucketPropsOf([['backend_bck', 's3://x']])).toEqual({
      backend_bck: { name: 'x', provider: 'aws' },
    })
    expect(bucketPropsOf([['backend_bck', 'none']])).toEqual({
      backend_bck: { name: '', provider: '' },
    })
  })

  it.each([
    ['nosuch.prop', '1', 'unknown property "nosuch.prop"'],
    ['provider', 'aws', 'property "provider" is readonly'],
    ['mirror.copies', 'many', 'invalid mirror.copies="many": expecting a number'],
    ['mirror.enabled', 'maybe', 'invalid mirror.enabled="maybe": expecting true or false'],
    ['access', 'NONSENSE', 'invalid access="NONSENSE"'],
  ])('refuses %s=%s', (name, value, message) => {
    expect(() => bucketPropsOf([[name, value]])).toThrow(message)
  })
})

it('reads and shows access rights and features', () => {
  expect(parseAccess('GET,put')).toBe('5')
  expect(parseAccess('su')).toBe('18446744073709551615')
  expect(formatAccess('771')).toBe('GET,HEAD-OBJECT,HEAD-BUCKET,LIST-OBJECTS')
  expect(formatFeatures(parseFeatures('Fsync-PUT,Load-Balance-GET') ?? '')).toBe(
    'Fsync-PUT,Load-Balance-GET',
  )
  expect(formatFeatures('0')).toBe('none')
})

it('shows settings sorted, without what is not for people', () => {
  const rows = propRows({
    provider: 'ais',
    bid: '9223372036854775811',
    created: '1787220000000000000',
    Renamed: '',
    extra: { aws: {} },
    backend_bck: { name: '', provider: '', namespace: { uuid: '', name: '' } },
  })
  const names = rows.map(([name]) => name)
  expect(names).toEqual([...names].sort())
  expect(names).not.toContain('bid')
  expect(rows).toContainEqual(['created', '2026-08-20T10:00:00Z'])
  expect(rows).toContainEqual(['present', 'yes'])
})
