import type { Bmd } from '../bucket/bmd.ts'
import type { Smap } from '../cluster/smap.ts'
import type { Mountpath } from '../ports/mountpath.ts'
import type { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'
import type { Place } from './target.ts'

/** What a place depends on beside the call. Each is replaced as a whole when it changes. */
export interface PlacingMaps {
  readonly bmd: Bmd
  readonly smap: Smap
  readonly mountpaths: readonly Mountpath[]
}

/** The parts of a call that decide which object it is about, as they arrived. */
export interface PlaceWords {
  readonly path: string
  readonly provider: string | undefined
  readonly namespace: string | undefined
  /** The bucket's ID, as the gateway stated it. */
  readonly stated: string | undefined
}

export function placeWords(path: string, query: Query): PlaceWords {
  return {
    path,
    provider: query.get(queryParam.provider),
    namespace: query.get(queryParam.namespace),
    stated: query.get(queryParam.bucketId),
  }
}

/**
 * Places of objects that this target owns, by the calls that named them: their names were checked, found in the BMD, and
 * drawn among targets and disks. They hold for the maps they were found by.
 */
export interface KnownPlaces {
  find(maps: PlacingMaps, words: PlaceWords): Place | undefined
  keep(maps: PlacingMaps, words: PlaceWords, place: Place): void
}

interface Known {
  readonly words: PlaceWords
  readonly place: Place
}

/** Paths kept at most, about 4 MB; then the elder half is forgotten. */
const knownMax = 8_192
/** Longer paths are not kept, characters. */
const pathLengthMax = 256

export function createKnownPlaces(): KnownPlaces {
  let of: PlacingMaps | undefined
  let young = new Map<string, Known>()
  let old = new Map<string, Known>()

  function follow(maps: PlacingMaps): void {
    const { bmd, smap, mountpaths } = maps
    if (of?.bmd === bmd && of.smap === smap && of.mountpaths === mountpaths) return
    of = maps
    young = new Map()
    old = new Map()
  }

  function add(known: Known): void {
    young.set(known.words.path, known)
    if (young.size < knownMax / 2) return
    old = young
    young = new Map()
  }

  return {
    find(maps, words) {
      follow(maps)
      let known = young.get(words.path)
      if (known === undefined) {
        known = old.get(words.path)
        if (known === undefined) return undefined
        add(known)
      }
      const { provider, namespace, stated } = known.words
      const isSame =
        provider === words.provider && namespace === words.namespace && stated === words.stated
      return isSame ? known.place : undefined
    },
    keep(maps, words, place) {
      follow(maps)
      if (words.path.length > pathLengthMax) return
      const { bucket, name, uname, mountpath, ownedBy } = place
      const recent = { small: undefined, lines: undefined }
      add({ words, place: { bucket, name, uname, mountpath, ownedBy, recent } })
    },
  }
}
