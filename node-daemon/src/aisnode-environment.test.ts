import { defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { parseLocalConfig } from '@aistore-ts/core/config/local-config.ts'
import { describe, expect, it } from 'vitest'
import { joinUrlOf, limitsOfEnvironment, withHostOfEnvironment } from './aisnode-environment.ts'
import { UsageError } from './aisnode-options.ts'

const local = parseLocalConfig({
  confdir: '/c',
  log_dir: '/l',
  host_net: { hostname: '127.0.0.1', port: '8080' },
})
const inFile = defaultClusterConfig({ proxy: { primary_url: 'http://127.0.0.1:9001' } })
const silent = defaultClusterConfig()

describe('the environment of a node', () => {
  it('wins over the local configuration', () => {
    const env = { AIS_HOST_IP: '127.0.0.2', AIS_HOST_PORT: '8085' }
    expect(withHostOfEnvironment(local, env).host_net).toMatchObject({
      hostname: '127.0.0.2',
      port: 8085,
    })
    expect(withHostOfEnvironment(local, { AIS_HOST_IP: '' })).toBe(local)
    expect(() => withHostOfEnvironment(local, { AIS_HOST_PORT: 'x' })).toThrow('AIS_HOST_PORT="x"')
  })

  it('says how the disks are scrubbed', () => {
    expect(limitsOfEnvironment({})).toEqual({})
    expect(limitsOfEnvironment({ AIS_SCRUB_RATE: '0', AIS_SCRUB_INTERVAL: '24' })).toEqual({
      scrubBytesPerSecond: 0,
      scrubIntervalMs: 24 * 3_600_000,
    })
    for (const env of [
      { AIS_SCRUB_RATE: '-1' },
      { AIS_SCRUB_RATE: '1.5' },
      { AIS_SCRUB_INTERVAL: '0' },
    ]) {
      expect(() => limitsOfEnvironment(env)).toThrow(UsageError)
    }
  })

  const byFlag = 'http://127.0.0.1:9003'
  const unsaid = { joinUrl: undefined, standby: false, tls: undefined } as const
  const target = { role: 'target', ...unsaid } as const
  const proxy = { role: 'proxy', ...unsaid } as const
  const discovers = defaultClusterConfig({ proxy: { discovery_url: byFlag } })

  it.each([
    ['the file', target, {}, inFile, 'http://127.0.0.1:9001'],
    ['AIS_PRIMARY_EP', target, { AIS_PRIMARY_EP: 'gw.test:9002' }, inFile, 'http://gw.test:9002'],
    ['-join', { ...target, joinUrl: byFlag }, { AIS_PRIMARY_EP: 'x:1' }, inFile, byFlag],
    ['a variable that is empty', target, { AIS_PRIMARY_EP: '' }, inFile, 'http://127.0.0.1:9001'],
    ['its own address', proxy, { AIS_PRIMARY_EP: '127.0.0.1:8080' }, inFile, undefined],
    ['another gateway', proxy, {}, inFile, 'http://127.0.0.1:9001'],
    ['nothing, as a gateway', proxy, {}, silent, undefined],
    ['nobody, waiting to be taken in', { ...target, standby: true }, {}, silent, undefined],
    ['the discovery URL, which is asked anyway', target, {}, discovers, undefined],
    ['a trailing slash', target, { AIS_PRIMARY_EP: 'http://a:1/' }, silent, 'http://a:1'],
  ])('joins through %s', (_, options, env, config, url) => {
    expect(joinUrlOf(options, env, local, config)).toBe(url)
  })

  it.each([
    ['-join', { ...target, joinUrl: 'ftp://a' }, {}],
    ['AIS_PRIMARY_EP', target, { AIS_PRIMARY_EP: 'http://a/path' }],
    ['a target needs -join', target, {}],
  ])('refuses, naming %s', (name, options, env) => {
    expect(() => joinUrlOf(options, env, local, silent)).toThrow(UsageError)
    expect(() => joinUrlOf(options, env, local, silent)).toThrow(name)
  })
})
