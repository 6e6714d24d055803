import { describe, expect, it } from 'vitest'
import type { HeaderBlock } from '../ports/call.ts'
import type { ObjectMeta } from '../ports/mountpath.ts'
import { isSameAsSource, sourceAttributes } from './source-attributes.ts'

function headers(...lines: (readonly [string, string])[]): HeaderBlock {
  const all = (name: string) => lines.filter(([key]) => key === name).map(([, value]) => value)
  return { get: (name) => all(name)[0], all, lines: () => lines }
}

const metaOf = (sizeBytes: number, custom: ObjectMeta['custom']): ObjectMeta => ({
  name: 'o',
  sizeBytes,
  checksum: { type: 'none', value: '' },
  version: '',
  atimeNs: 0n,
  mtimeNs: 0n,
  custom,
  generation: '',
})

describe('what an answer tells of an object', () => {
  it('keeps version and checksums of the providers it knows', () => {
    const google = headers(['x-goog-generation', '17'], ['x-goog-hash', 'crc32c=AAAA==,md5=Zm9v=='])
    expect(sourceAttributes('https://storage.googleapis.com/b/o', google)).toEqual([
      ['source', 'gcp'],
      ['remote-version', '17'],
      ['CRC32C', 'AAAA=='],
      ['MD5', 'Zm9v=='],
    ])
    const amazon = headers(['x-amz-version-id', 'v'], ['etag', '"abc"'])
    expect(sourceAttributes('http://b.s3.us-east-1.amazonaws.com/o', amazon)).toEqual([
      ['source', 'aws'],
      ['remote-version', 'v'],
      ['ETag', 'abc'],
    ])
    const azure = headers(['etag', '0x8D'], ['content-md5', 'Zm9v=='])
    expect(sourceAttributes('https://a.blob.core.windows.net/c/o', azure)).toEqual([
      ['source', 'azure'],
      ['remote-version', '0x8D'],
      ['MD5', 'Zm9v=='],
    ])
  })

  it('keeps nothing of the rest, whatever it calls itself', () => {
    for (const host of ['example.org', 'storage.googleapis.com.example.org', 'xs3.amazonaws.com']) {
      expect(sourceAttributes(`http://${host}/o`, headers(['etag', 'e']))).toEqual([
        ['source', 'web'],
      ])
    }
  })

  it('takes an object for the same by its version, never by its size alone', () => {
    const told = [
      ['source', 'aws'],
      ['ETag', 'abc'],
    ] as const
    expect(isSameAsSource(metaOf(5, told), told, 5)).toBe(true)
    expect(isSameAsSource(metaOf(5, told), told, undefined)).toBe(true)
    expect(isSameAsSource(metaOf(4, told), told, 5)).toBe(false)
    expect(isSameAsSource(metaOf(5, [['ETag', 'old']]), told, 5)).toBe(false)
    expect(isSameAsSource(metaOf(5, [['source', 'web']]), [['source', 'web']], 5)).toBe(false)
    const other = [...told, ['remote-version', '2']] as const
    expect(isSameAsSource(metaOf(5, [...told, ['remote-version', '1']]), other, 5)).toBe(false)
  })
})
