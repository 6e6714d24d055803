import { describe, expect, it } from 'vitest'
import { rangeHeader } from '../object-handle.ts'
import { bckQuery } from './bck-query.ts'
import { checkBucketName, parseBckUri } from './bck-uri.ts'
import { objectPath } from './object-path.ts'

describe('parseBckUri', () => {
  it.each([
    ['ais://b', 'ais', 'b', ''],
    ['b/o/p', 'ais', 'b', 'o/p'],
    ['s3://b/o', 'aws', 'b', 'o'],
    ['gs://b', 'gcp', 'b', ''],
    ['az://', 'azure', '', ''],
  ])('%s', (text, provider, name, objectName) => {
    const uri = parseBckUri(text)
    expect([uri.bck.provider, uri.bck.name, uri.objectName]).toEqual([provider, name, objectName])
  })

  it('reads namespaces', () => {
    const { bck, objectName } = parseBckUri('ais://@uuid#ns/b/o')
    expect(bck.namespace).toEqual({ uuid: 'uuid', name: 'ns' })
    expect(objectName).toBe('o')
    expect(bckQuery(bck)).toEqual([
      ['provider', 'ais'],
      ['namespace', '@uuid#ns'],
    ])
    expect(parseBckUri('ais://#ns/b').bck.namespace).toEqual({ uuid: '', name: 'ns' })
  })

  it('refuses unknown providers and bad names', () => {
    expect(() => parseBckUri('ftp://b')).toThrow('invalid backend provider "ftp"')
    for (const name of ['', 'a..b', 'a b', 'x'.repeat(65)]) {
      expect(() => checkBucketName(name, name)).toThrow()
    }
  })
})

it('encodes names part by part', () => {
  expect(objectPath('b', 'a/ü %?#+\\')).toBe('objects/b/a/%C3%BC%20%25%3F%23%2B%5C')
  expect(objectPath('b', '\u{1f600}')).toBe('objects/b/%F0%9F%98%80')
})

it('writes ranges', () => {
  expect(rangeHeader({ start: 2, length: 3 })).toBe('bytes=2-4')
  expect(rangeHeader({ start: 2 })).toBe('bytes=2-')
  expect(rangeHeader({ suffix: 5 })).toBe('bytes=-5')
  expect(() => rangeHeader({ start: -1 })).toThrow(/invalid range/)
  expect(() => rangeHeader({ start: 0.5 })).toThrow(/invalid range/)
})
