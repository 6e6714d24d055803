import { describe, expect, it } from 'vitest'
import { globalNamespace } from '../bucket/bck.ts'
import { emptyBmd } from '../bucket/bmd.ts'
import { emptySmap } from '../cluster/smap.ts'
import { parseTarget } from '../wire/target.ts'
import { createKnownPlaces, type PlacingMaps, placeWords } from './known-places.ts'
import type { Place } from './target.ts'

const maps: PlacingMaps = { bmd: emptyBmd(), smap: emptySmap(), mountpaths: [] }

function words(target: string) {
  const { path, query } = parseTarget(target)
  return placeWords(path, query)
}

/** Only its name is looked at here. */
function placeNamed(name: string): Place {
  const bucket = { bck: { name: 'b', provider: 'ais', namespace: globalNamespace }, bid: 1n }
  return { bucket, name, uname: name, mountpath: { id: 'm' } } as Partial<Place> as Place
}

describe('known places', () => {
  it('are those of the same path, provider, namespace and bucket ID', () => {
    const places = createKnownPlaces()
    places.keep(maps, words('/v1/objects/b/o?provider=ais&bid=1&x=1'), placeNamed('o'))
    const find = (target: string) => places.find(maps, words(target))?.name
    expect(find('/v1/objects/b/o?bid=1&provider=ais&x=2')).toBe('o')
    expect(find('/v1/objects/b/%6f?provider=ais&bid=1')).toBe('o')
    for (const other of [
      '/v1/objects/b/p?provider=ais&bid=1',
      '/v1/objects/b/o?provider=aws&bid=1',
      '/v1/objects/b/o?provider=ais&bid=2',
      '/v1/objects/b/o?provider=ais',
      '/v1/objects/b/o?provider=ais&bid=1&namespace=n',
      '/v1/objects/b/o?bid=1',
    ]) {
      expect([other, find(other)]).toEqual([other, undefined])
    }
  })

  it('are forgotten when a map or the disks are others', () => {
    const at = words('/v1/objects/b/o')
    for (const other of [{ bmd: emptyBmd() }, { smap: emptySmap() }, { mountpaths: [] }]) {
      const places = createKnownPlaces()
      places.keep(maps, at, placeNamed('o'))
      expect(places.find({ ...maps }, at)?.name).toBe('o')
      expect(places.find({ ...maps, ...other }, at)).toBeUndefined()
      expect(places.find(maps, at)).toBeUndefined()
    }
  })

  it('are bounded, and those that are asked for stay', () => {
    const places = createKnownPlaces()
    const at = (index: number) => words(`/v1/objects/b/o${index}`)
    for (let index = 0; index < 20_000; index++) {
      places.keep(maps, at(index), placeNamed(`o${index}`))
      expect(places.find(maps, at(0))?.name).toBe('o0')
    }
    const kept = Array.from({ length: 20_000 }, (_, index) => places.find(maps, at(index)))
    expect(kept.filter((place) => place !== undefined).length).toBeLessThanOrEqual(8_192)
    places.keep(maps, words(`/v1/objects/b/${'o'.repeat(300)}`), placeNamed('long'))
    expect(places.find(maps, words(`/v1/objects/b/${'o'.repeat(300)}`))).toBeUndefined()
  })
})
