import { describe, expect, it } from 'vitest'
import { applySetConfig, defaultClusterConfig } from '../config/cluster-config.ts'
import { isAisError } from '../errors/ais-error.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import {
  applyBucketProps,
  type BucketProps,
  bucketPropsToJson,
  changedProps,
  defaultBucketProps,
  jobOfPropsChange,
  parseBucketProps,
  resetBucketProps,
} from './bucket-props.ts'

const config = defaultClusterConfig()
const fresh: BucketProps = {
  ...defaultBucketProps(config, 'ais'),
  bid: 9223372036854775811n,
  created: 1787220000000000000n,
}
const context = { config, targets: 5 }
const apply = (json: unknown, from = fresh) => applyBucketProps(from, json, context)

describe('a fresh ais:// bucket', () => {
  it('is written as upstream writes it', () => {
    expect(stringifyJson(bucketPropsToJson(fresh))).toBe(
      [
        '{"backend_bck":{"name":"","provider":"","namespace":{"uuid":"","name":""}}',
        '"write_policy":{"data":"immediate","md":"immediate"}',
        '"provider":"ais","Renamed":""',
        '"checksum":{"type":"xxhash2","validate_cold_get":false,"validate_warm_get":false,"validate_obj_move":false,"enable_read_range":false}',
        '"extra":{"aws":{},"gcp":{},"oci":{}}',
        '"rate_limit":{"backend":{"interval":"1m","max_tokens":1000,"enabled":false,"num_retries":3}',
        '"frontend":{"interval":"1m","max_tokens":1000,"enabled":false,"burst_size":375}}',
        '"ec":{"compression":"never","bundle_multiplier":2,"burst_buffer":512,"objsize_limit":262144,"data_slices":2,"parity_slices":2,"enabled":false,"disk_only":false}',
        '"chunks":{"objsize_limit":"0B","max_monolithic_size":"1TiB","chunk_size":"1GiB"}',
        '"mirror":{"copies":2,"burst_buffer":512,"enabled":false}',
        '"lru":{"dont_evict_time":"2h0m","capacity_upd_time":"10m","batch_size":32768,"enabled":false}',
        '"access":"18446744073709551615","features":"0","bid":"9223372036854775811","created":"1787220000000000000"',
        '"versioning":{"enabled":true,"validate_warm_get":false,"synchronize":false}}',
      ].join(','),
    )
  })

  it('comes back exact', () => {
    expect(parseBucketProps(parseJson(stringifyJson(bucketPropsToJson(fresh))))).toEqual(fresh)
  })

  it('inherits what the cluster says, and only bucket flags', () => {
    const changed = applySetConfig(config, {
      lru: { enabled: true },
      mirror: { copies: 3 },
      features: String(16n | (1n << 23n)),
    })
    const ais = defaultBucketProps(changed, 'ais')
    expect(ais.lru.enabled).toBe(false)
    expect(defaultBucketProps(changed, 'aws').lru.enabled).toBe(true)
    expect(ais.mirror.copies).toBe(3)
    expect(ais.features).toBe(16n)
  })
})

describe('set-bprops', () => {
  it('changes what it names', () => {
    const next = apply({
      Checksum: { TYPE: 'sha256' },
      access: '771',
      versioning: { enabled: false },
      write_policy: { durability: 'disk' },
      extra: { aws: { profile: 'p' } },
      features: '8388624',
    })
    expect(changedProps(fresh, next).toSorted()).toEqual([
      'access',
      'checksum.type',
      'extra',
      'features',
      'versioning.enabled',
      'write_policy.durability',
    ])
    expect(next.features).toBe(16n)
    expect(stringifyJson(bucketPropsToJson(next))).toContain(
      '"write_policy":{"data":"immediate","md":"immediate","durability":"disk"}',
    )
  })

  it.each([
    [{ nosuch: 1 }, 'unknown field "nosuch"'],
    [{ ec: { slices: 1 } }, 'unknown field "ec.slices"'],
    [{ bid: '1' }, '"bid": is read-only'],
    [{ provider: 'aws' }, '"provider": is read-only'],
    [{ checksum: { type: 'bad' } }, '"checksum.type"'],
    [{ access: 771 }, '"access"'],
    [{ write_policy: { data: 'never' } }, 'write_policy.data'],
    [{ force: 'yes' }, '"force"'],
    [{ extra: { aws: { multipart_size: 1 } } }, 'extra": "aws.multipart_size"'],
    [{ extra: { custom: 'x'.repeat(129) } }, 'too long'],
    [{ extra: { aws: { endpoint: 'ftp://x' } } }, 'http'],
    [{ mirror: { enabled: true }, chunks: { objsize_limit: '1MiB' } }, 'exclude each other'],
    [{ versioning: { enabled: false, validate_warm_get: true } }, 'versioning.enabled'],
    [{ backend_bck: { name: 'b', provider: 'ais' } }, 'must be remote'],
    [{ backend_bck: { name: 'b', provider: '' } }, 'backend_bck.provider'],
    [{ backend_bck: { name: '', provider: 'aws' } }, 'backend_bck.name'],
    [{ ec: { enabled: true, data_slices: 3, parity_slices: 3 } }, 'requires 7 targets'],
    [{ ec: { data_slices: 0 } }, 'ec.data_slices'],
    [1, 'expected an object'],
  ])('refuses %j', (json, why) => {
    expect(() => apply(json)).toThrow(why)
  })

  it('keeps the parts of extra it does not name', () => {
    const first = apply({ extra: { aws: { profile: 'p' } } })
    const second = apply({ extra: { aws: { cloud_region: 'r' } } }, first)
    expect(second.extra.aws).toEqual({ profile: 'p', cloud_region: 'r' })
  })

  it('settles mirroring', () => {
    expect(apply({ mirror: { enabled: true, copies: 1 } }).mirror).toMatchObject({
      copies: 2,
      enabled: true,
    })
    const mirrored = apply({ mirror: { enabled: true, copies: 3 } })
    expect(jobOfPropsChange(fresh, mirrored)).toBe('make-n-copies')
    const single = apply({ mirror: { copies: 1 } }, mirrored)
    expect(single.mirror).toMatchObject({ copies: 1, enabled: false })
    expect(jobOfPropsChange(mirrored, single)).toBe('make-n-copies')
  })

  it('settles erasure coding, and keeps its slices', () => {
    const coded = apply({ ec: { enabled: true, data_slices: 0 } })
    expect(coded.ec).toMatchObject({ enabled: true, data_slices: 1, parity_slices: 2 })
    expect(jobOfPropsChange(fresh, coded)).toBe('ec-encode')
    expect(() => apply({ ec: { data_slices: 2 } }, coded)).toThrow('cannot be changed')
    expect(() => apply({ ec: { objsize_limit: 1 } }, coded)).toThrow('"force"')
    expect(apply({ ec: { objsize_limit: 1 }, force: true }, coded).ec.objsize_limit).toBe(1)
    const many = { ec: { enabled: true, data_slices: 9 }, Force: true }
    expect(apply(many).ec.data_slices).toBe(9)
  })

  it('answers 409 to mirroring and erasure coding at once', () => {
    try {
      apply({ mirror: { enabled: true }, ec: { enabled: true } })
      expect.unreachable()
    } catch (error) {
      expect(isAisError(error) && error.status).toBe(409)
    }
  })

  it('leaves the versioning of a cloud bucket to the cloud', () => {
    const cloud = defaultBucketProps(config, 'aws')
    expect(() => apply({ versioning: { enabled: false } }, cloud)).toThrow('read-only')
    expect(() => apply({ backend_bck: { name: 'b', provider: 'gcp' } }, cloud)).toThrow(
      'only ais://',
    )
  })

  it('attaches and detaches a backend', () => {
    const attached = apply({ backend_bck: { name: 'b', provider: 's3' } })
    expect(attached.backend_bck.name).toBe('b')
    const none = { name: '', provider: '' }
    expect(apply({ backend_bck: none }, attached)).toEqual(fresh)
  })

  it('resets all but identity', () => {
    const changed = apply({ mirror: { copies: 4 }, access: '771' })
    expect(resetBucketProps(changed, config)).toEqual(fresh)
  })
})
