import { describe, expect, it } from 'vitest'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import type { Bck } from './bck.ts'
import {
  addBucket,
  type Bmd,
  bidVersionBits,
  bmdToJson,
  emptyBmd,
  findBucket,
  generateBid,
  listBuckets,
  nextBmd,
  parseBmd,
  removeBucket,
  replaceBucket,
} from './bmd.ts'
import { defaultBucketProps } from './bucket-props.ts'
import { parseBck } from './names.ts'

const config = defaultClusterConfig()

function create(bmd: Bmd, bck: Bck): Bmd {
  const props = { ...defaultBucketProps(config, bck.provider), bid: generateBid(bmd, bck.provider) }
  return nextBmd(bmd, addBucket(bmd, bck, props))
}

const abc = parseBck('abc', '', '')

describe('BMD', () => {
  it('is empty as upstream shows it', () => {
    expect(stringifyJson(bmdToJson({ ...emptyBmd('RVUfwHjVO'), version: 416 }))).toBe(
      '{"providers":{"ais":{"@#":{}}},"uuid":"RVUfwHjVO","version":"416"}',
    )
  })

  it('comes back exact, bucket IDs beyond 2^53 and odd names included', () => {
    const buckets = [abc, parseBck('constructor', 'ais', '@u#n'), parseBck('b', 's3', '')]
    const bmd = buckets.reduce(create, emptyBmd('x'))
    const again = parseBmd(parseJson(stringifyJson(bmdToJson(bmd))))
    expect(again).toEqual(bmd)
    expect(findBucket(again, abc)?.bid).toBe(generateBid(emptyBmd('x'), 'ais'))
    expect(listBuckets(again).map(({ bck }) => bck.name)).toEqual(['abc', 'constructor', 'b'])
  })

  it('never gives an ID twice', () => {
    const once = create(emptyBmd(), abc)
    const again = create(nextBmd(once, removeBucket(once, abc)), abc)
    expect(again.version).toBe(3)
    expect(findBucket(again, abc)?.bid).not.toBe(findBucket(once, abc)?.bid)
    expect(BigInt.asUintN(bidVersionBits, generateBid(again, 'aws'))).toBe(4n)
    expect(generateBid({ ...again, uuid: 'another' }, 'aws')).not.toBe(generateBid(again, 'aws'))
    const same = addBucket(again, parseBck('d', '', ''), {
      ...defaultBucketProps(config, 'ais'),
      bid: generateBid(again, 'ais'),
    })
    expect(generateBid(same, 'ais')).not.toBe(generateBid(again, 'ais'))
  })

  it('refuses contradictions', () => {
    const once = create(emptyBmd(), abc)
    const props = defaultBucketProps(config, 'ais')
    expect(() => addBucket(once, abc, props)).toThrow('bucket "ais://abc" already exists')
    const missing = parseBck('nosuch', '', '')
    expect(() => removeBucket(once, missing)).toThrow('bucket "ais://nosuch" does not exist')
    expect(() => replaceBucket(once, parseBck('b', 's3', ''), props)).toThrow(
      'aws bucket "s3://b" does not exist',
    )
    expect(() => removeBucket(once, parseBck('b', '', '@u1'))).toThrow(
      'remote bucket "ais://@u1/b" does not exist',
    )
    expect(findBucket(replaceBucket(once, abc, props), abc)).toEqual(props)
  })

  it.each([
    ['{"version":"x"}', 'version'],
    ['{"version":"1","providers":{"ftp":{}}}', 'providers'],
    ['{"version":"1","providers":{"ais":{"@#":{"b":{"mirror":{"copies":99}}}}}}', 'mirror.copies'],
  ])('names the field of %s', (text, field) => {
    expect(() => parseBmd(parseJson(text))).toThrow(field)
  })
})
