import { expect, test } from 'vitest'
import { nodeAt, ownerOf, parseClusterMap } from './cluster-map.ts'
import { findOwner, placementDigest, weigh } from './hrw.ts'
import { findObjectPath } from './object-path.ts'

const ids = ['t1AAAAAA', 't2BBBBBB', 't3CCCCCC']

test('weights as xoshiro256 of the original', () => {
  expect(weigh(4573842n)).toBe(5026071747115404967n)
  expect(weigh(0n)).toBe(1905207664160064169n)
})

test.each([
  ['ais/@#/abc/obj', 4956197447846981055n, 't3CCCCCC'],
  ['ais/@#/abc/dir/obj-1', 8142563100421934502n, 't2BBBBBB'],
  ['aws/@#/b/x', 18311558278392493117n, 't1AAAAAA'],
  ['ais/@u1#n1/b/o', 13661390747937574759n, 't3CCCCCC'],
  ['ais/@#/b/é', 11273695633594851696n, 't2BBBBBB'],
])('placement of %s as the Python SDK computes it', (uname, digest, owner) => {
  expect(placementDigest(uname)).toBe(digest)
  expect(findOwner(ids, uname)).toBe(owner)
  expect(findOwner(ids.toReversed(), uname)).toBe(owner)
})

const net = (port: number) => ({ direct_url: `http://127.0.0.1:${port}` })
const node = (id: string, port: number, flags = 0) => ({
  daemon_id: id,
  flags,
  public_net: net(port),
  intra_data_net: net(port + 100),
})

test('a target in maintenance owns nothing', () => {
  const smap = (flags: number) =>
    parseClusterMap({
      pmap: { p: node('p', 1) },
      tmap: Object.fromEntries(ids.map((id, at) => [id, node(id, 10 + at, at === 2 ? flags : 0)])),
      proxy_si: node('p', 1),
    })
  expect(ownerOf(smap(0), 'abc', 'obj')?.id).toBe('t3CCCCCC')
  expect(ownerOf(smap(4), 'abc', 'obj')?.id).toBe('t2BBBBBB')
  expect(ownerOf(smap(1), 'abc', 'obj')?.id).toBe('t3CCCCCC')
  expect(nodeAt(smap(0), 'http://127.0.0.1:110')?.id).toBe('t1AAAAAA')
  expect(nodeAt(smap(0), 'http://127.0.0.1:9')).toBeUndefined()
})

test('a map without its parts is refused', () => {
  expect(() => parseClusterMap({ pmap: {}, tmap: {} })).toThrow(TypeError)
  expect(() => parseClusterMap(null)).toThrow(TypeError)
})

test('object paths are decoded once', () => {
  expect(findObjectPath('/v1/objects/b/a%2Fb%25?x=1')).toEqual({ bucket: 'b', name: 'a/b%' })
  expect(findObjectPath('http://h:1/v1/objects/b/o')).toEqual({ bucket: 'b', name: 'o' })
  expect(findObjectPath('/v1/objects/b')).toBeUndefined()
  expect(findObjectPath('/v1/objects/b/%zz')).toBeUndefined()
})
