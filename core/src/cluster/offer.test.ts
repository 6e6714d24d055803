import { describe, expect, it } from 'vitest'
import { addBucket, type Bmd, emptyBmd, findBucket, generateBid, nextBmd } from '../bucket/bmd.ts'
import { defaultBucketProps } from '../bucket/bucket-props.ts'
import { parseBck } from '../bucket/names.ts'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import { blankState } from './control/cluster-state.ts'
import type { Documents } from './control/documents.ts'
import { mapOf } from './control/testing/states.ts'
import { absorb, type Offer, offerOf, offerToJson, parseOffer } from './offer.ts'
import { parseSmap, smapToJson } from './smap.ts'

const config = defaultClusterConfig()

function bmdOf(uuid: string, ...names: readonly string[]): Bmd {
  return names.reduce((bmd, name) => {
    const props = { ...defaultBucketProps(config, 'ais'), bid: generateBid(bmd, 'ais') }
    return nextBmd(bmd, addBucket(bmd, parseBck(name, '', ''), props))
  }, emptyBmd(uuid))
}

const blank = blankState(config)
const winner: Documents = {
  ...blank,
  smap: { ...mapOf('p1 t1'), uuid: 'winner', version: 7 },
  bmd: bmdOf('x', 'theirs'),
  rmd: { ...blank.rmd, version: 2, completed: 2, absent: ['t9'] },
}
const loser: Documents = {
  ...blank,
  smap: { ...mapOf('p2 t2'), uuid: 'loser', version: 40 },
  bmd: bmdOf('y', 'ours', 'more'),
  rmd: { ...blank.rmd, version: 5, completed: 5, absent: ['t8'] },
}
const sent = (offer: Offer) => parseOffer(parseJson(stringifyJson(offerToJson(offer))))

describe('a cluster that gives itself up', () => {
  it('brings its buckets along, and its numbers are behind all to come', () => {
    const offer = sent(offerOf(loser, false))
    expect(offer).toEqual(offerOf(loser, false))
    const { smap, bmd, rmd } = { ...winner, ...absorb(winner, offer) }
    expect(smap).toMatchObject({ uuid: 'winner', absorbed: ['loser'], version: 140 })
    for (const name of ['ours', 'more']) {
      const bck = parseBck(name, '', '')
      expect(findBucket(bmd, bck)).toEqual(findBucket(loser.bmd, bck))
    }
    expect(findBucket(bmd, parseBck('theirs', '', ''))).toBeDefined()
    expect(bmd.version).toBeGreaterThan(Math.max(winner.bmd.version, loser.bmd.version))
    expect(rmd).toMatchObject({ version: 5, completed: 5, absent: ['t9', 't8'] })
    expect(parseSmap(parseJson(stringifyJson(smapToJson(smap))))).toEqual(smap)
    expect(absorb({ ...winner, smap }, offer)).toBeUndefined()
  })

  it('is refused for a name or an ID of both, while objects move, and by one that gives itself up', () => {
    const offer = offerOf(loser, false)
    expect(absorb(winner, { ...offer, trial: true })).toBeUndefined()
    const shared = { ...offer, bmd: bmdOf('z', 'theirs') }
    expect(() => absorb(winner, shared)).toThrow('cie#70')
    expect(() => absorb(winner, { ...shared, trial: true })).toThrow('ais://theirs')
    expect(() => absorb(winner, { ...offer, bmd: bmdOf('x', 'other') })).toThrow('ais://other')
    const moving = { ...winner, rmd: { ...winner.rmd, version: 3 } }
    expect(() => absorb(moving, offer)).toThrow('rebalance')
    const leaving = { ...winner.smap, absorbedBy: { uuid: 'third', urls: [] } }
    expect(() => absorb({ ...winner, smap: leaving }, offer)).toThrow('third')
    expect(() => parseOffer({ ...offerToJson(offer), uuid: '' })).toThrow('uuid')
  })
})
