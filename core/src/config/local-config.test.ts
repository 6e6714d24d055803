import { describe, expect, it } from 'vitest'
import { stringifyJson } from '../wire/json.ts'
import {
  bucketFeatureMask,
  bucketFeatures,
  checkFeatures,
  featureMask,
  featureNames,
  featuresOf,
  hasFeature,
  parseFeatures,
} from './features.ts'
import { localConfigToJson, mountpathsOf, parseLocalConfig } from './local-config.ts'

describe('local config', () => {
  const given = {
    confdir: '/data/3',
    log_dir: '/data/3/log',
    test_fspaths: { root: '/data', count: 2, instance: 3 },
    host_net: {
      hostname: '127.0.0.1',
      port: '8083',
      port_intra_control: '9083',
      port_intra_data: '',
    },
  }

  it("reads upstream's shape and writes it back", () => {
    const local = parseLocalConfig(given)
    expect(local.host_net.port).toBe(8083)
    expect([...mountpathsOf(local).keys()]).toEqual(['/data/mp1/3', '/data/mp2/3'])
    expect(stringifyJson(localConfigToJson(local))).toBe(
      '{"fspaths":{},"confdir":"/data/3","log_dir":"/data/3/log",' +
        '"test_fspaths":{"root":"/data","count":2,"instance":3},"host_net":{"hostname":"127.0.0.1",' +
        '"hostname_intra_control":"","hostname_intra_data":"","port":"8083","port_intra_control":"9083",' +
        '"port_intra_data":""}}',
    )
  })

  it('prefers named mountpaths', () => {
    const local = parseLocalConfig({ ...given, fspaths: { '/a': 'x', '/b': '' } })
    expect(mountpathsOf(local)).toEqual(
      new Map([
        ['/a', 'x'],
        ['/b', ''],
      ]),
    )
  })

  it.each([
    [{ ...given, confdir: '' }, 'confdir'],
    [{ ...given, nosuch: 1 }, 'unknown field "nosuch"'],
    [{ ...given, fspaths: { a: '' } }, 'fspaths'],
    [{ ...given, fspaths: { '/a': '', '/a/b': '' } }, 'inside one another'],
    [{ ...given, host_net: { port: '70000' } }, 'host_net.port'],
    [{ ...given, host_net: { port: 1, port_intra_control: 1 } }, 'networks are separate'],
  ])('refuses %j', (json, why) => {
    expect(() => parseLocalConfig(json)).toThrow(why)
  })
})

describe('feature flags', () => {
  it("stand at upstream's bits", () => {
    expect(featureNames).toHaveLength(28)
    expect(featureMask(['Fsync-PUT'])).toBe(16n)
    expect(featureMask(['S3-Redirect-Rebuild'])).toBe(1n << 27n)
    expect(featuresOf(bucketFeatureMask)).toEqual(bucketFeatures)
    expect(hasFeature(16n, 'Fsync-PUT')).toBe(true)
  })

  it('read masks, names and none', () => {
    expect(parseFeatures('none')).toBe(0n)
    expect(parseFeatures('16')).toBe(16n)
    expect(parseFeatures('Fsync-PUT, Load-Balance-GET')).toBe(16n | (1n << 23n))
    expect(() => parseFeatures('No-Such')).toThrow('unknown feature flag "No-Such"')
    expect(() => checkFeatures(1n << 28n)).toThrow('unknown bits')
    expect(() => checkFeatures((1n << 13n) | (1n << 27n))).toThrow('S3-Reverse-Proxy')
  })
})
