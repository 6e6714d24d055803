import { describe, expect, it } from 'vitest'
import { parseTarget } from '../wire/target.ts'
import { easyUrl } from './easy-url.ts'

const pathOf = (method: string, raw: string) => easyUrl(method, parseTarget(raw)).path

describe('easyUrl', () => {
  it('stands for the native call', () => {
    expect(pathOf('GET', '/ais')).toBe('/v1/buckets')
    expect(pathOf('GET', '/ais/b')).toBe('/v1/buckets/b')
    expect(pathOf('GET', '/ais/b/')).toBe('/v1/buckets/b')
    expect(pathOf('PUT', '/ais/b/d/x/y')).toBe('/v1/objects/b/d/x/y')
    expect(pathOf('PUT', '/v1/buckets/b')).toBe('/v1/buckets/b')
  })

  it.each(['/ais', '/ais/b', '/ais/b/'])('PUT %s says that the object name is missing', (raw) => {
    expect(() => pathOf('PUT', raw)).toThrow('object name is missing')
  })

  it.each(['/ais/ais', '/ais/is/ais', '/ais/a/a/ais/a'])('finds the parts of %s', (raw) => {
    const [, , bucket, ...object] = raw.split('/')
    const resource = object.length === 0 ? 'buckets' : 'objects'
    expect(pathOf('GET', raw)).toBe(`/v1/${resource}/${[bucket, ...object].join('/')}`)
  })
})
