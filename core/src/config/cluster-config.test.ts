import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson, stringifyJson } from '../wire/json.ts'
import {
  applySetConfig,
  applySetConfigQuery,
  changedSettings,
  configToJson,
  defaultClusterConfig,
  maskSecrets,
  parseClusterConfig,
} from './cluster-config.ts'
import {
  checkNodeScope,
  checkTransient,
  checkTransientScope,
  restartRequired,
} from './config-scope.ts'

const base = defaultClusterConfig()

describe('defaults', () => {
  it("are valid together and print in upstream's order and form", () => {
    const json = configToJson(base)
    expect(Object.keys(json)).toEqual(
      (
        'write_policy checksum tcb tco arch lso rate_limit keepalivetracker rebalance log ec get_batch space ' +
        'transport disk fshc chunks lru mirror periodic client downloader auth backend uuid lastupdate_time ' +
        'proxy net timeout memsys features config_version versioning resilver s3 lifecycle'
      ).split(' '),
    )
    const part = (name: string) => stringifyJson(json[name])
    expect(part('ec')).toBe(
      '{"compression":"never","bundle_multiplier":2,"burst_buffer":512,"objsize_limit":262144,' +
        '"data_slices":2,"parity_slices":2,"enabled":false,"disk_only":false}',
    )
    expect(part('chunks')).toBe(
      '{"objsize_limit":"0B","max_monolithic_size":"1TiB","chunk_size":"1GiB"}',
    )
    expect(part('rate_limit')).toBe(
      '{"backend":{"interval":"1m","max_tokens":1000,"enabled":false,"num_retries":3},' +
        '"frontend":{"interval":"1m","max_tokens":1000,"enabled":false,"burst_size":375}}',
    )
    expect(part('space')).toContain('"dont_cleanup_time":"2h0m"')
    expect(part('transport')).toContain('"lz4_block":"256KiB"')
    expect(part('config_version')).toBe('"0"')
    expect(part('features')).toBe('"0"')
    expect(part('auth')).toBe('{"client_auth_required":false}')
  })

  it('differ from upstream where it is told: quicker keepalive', () => {
    expect(base.keepalivetracker.proxy.interval).toBe(1_000)
    expect(base.timeout.max_keepalive).toBe(1_000)
    expect(base.timeout.cplane_operation).toBe(500)
    expect(base.write_policy.durability).toBe('process')
  })

  it('come back from their own JSON', () => {
    expect(parseClusterConfig(parseJson(stringifyJson(configToJson(base))))).toEqual(base)
  })

  it("yield to a file in upstream's shape", () => {
    const config = defaultClusterConfig(
      parseJson(
        '{"uuid":"cKEuiUYzl","config_version":"7","timeout":{"max_keepalive":"5s","cplane_operation":"2s"},' +
          '"keepalivetracker":{"proxy":{"interval":"10s"},"target":{"interval":"10s"}},"auth":{"enabled":false},' +
          '"backend":{"ais":{"alias":["http://127.0.0.1:1"]}},"chunks":{"chunk_size":"1536KiB"}}',
      ),
    )
    expect(config.config_version).toBe(7)
    expect(config.timeout.max_keepalive).toBe(5_000)
    expect(config.chunks.chunk_size).toBe(1_572_864)
    expect(configToJson(config)).toMatchObject({ chunks: { chunk_size: '1536KiB' } })
  })
})

describe('set-config', () => {
  it('changes what it names, in any case, and nothing else', () => {
    const next = applySetConfig(base, { Log: { LEVEL: '4' }, mirror: { copies: 3, enabled: null } })
    expect(changedSettings(base, next)).toEqual(['log.level', 'mirror.copies'])
    expect(base.log.level).toBe('3')
  })

  it('takes dotted names', () => {
    const next = applySetConfigQuery(base, [
      ['log.level', '4'],
      ['LRU.Enabled', 'yes'],
      ['keepalivetracker.target.factor', '5'],
      ['log.max_size', '32mb'],
      ['features', 'Fsync-PUT,Disable-Cold-GET'],
      ['net.allowed_hosts', 'a.example, b.example'],
      ['rate_limit.backend.per_op_max_tokens', 'get:5000 delete:1000'],
    ])
    expect(next.lru.enabled).toBe(true)
    expect(next.keepalivetracker.target.factor).toBe(5)
    expect(next.log.max_size).toBe(32 * 1024 ** 2)
    expect(next.features).toBe((1n << 4n) | (1n << 11n))
    expect(next.net.allowed_hosts).toEqual(['a.example', 'b.example'])
    expect(configToJson(next)).toMatchObject({
      rate_limit: { backend: { per_op_max_tokens: 'get:5000 delete:1000' } },
    })
  })

  it('keeps the parts of auth it does not name', () => {
    const signed = applySetConfigQuery(base, [
      ['auth.signature.key', '123'],
      ['auth.signature.method', 'HS256'],
      ['auth.client_auth_required', 'true'],
      ['auth.required_claims.aud', 'a,b'],
    ])
    expect(signed.auth).toEqual({
      client_auth_required: true,
      signature: { key: '123', method: 'HS256' },
      required_claims: { aud: ['a', 'b'] },
    })
    const opened = applySetConfig(signed, { AUTH: { Client_Auth_Required: false } })
    expect(opened.auth.signature?.key).toBe('123')
    expect(changedSettings(signed, opened)).toEqual(['auth'])
  })

  it('reads zero as the default where upstream does', () => {
    expect(applySetConfig(base, { lso: { idle_time: '0s' } }).lso.idle_time).toBe(20_000)
  })

  it.each([
    [{}, 'no properties to update'],
    [{ nosuch: 1 }, 'unknown field "nosuch"'],
    [{ log: { nosuch: 1 } }, 'unknown field "log.nosuch"'],
    [{ constructor: {} }, 'unknown field "constructor"'],
    [{ uuid: 'x' }, '"uuid": is read-only'],
    [{ config_version: '9' }, 'read-only'],
    [{ log: 1 }, '"log": expected an object'],
    [{ lru: { enabled: 'true' } }, '"lru.enabled": expected true or false'],
    [{ periodic: { stats_time: 10 } }, '"periodic.stats_time"'],
    [{ periodic: { stats_time: '2m' } }, 'expecting range [1s, 1m]'],
    [
      { checksum: { type: 'bad' } },
      '"checksum.type": invalid checksum type "bad" (expecting [none xxhash',
    ],
    [{ mirror: { copies: 33 } }, '[2, 32], or 0 for the default'],
    [{ write_policy: { data: 'never' } }, 'write_policy.data'],
    [{ features: '268435456' }, 'unknown bits'],
    [{ features: String((1n << 11n) | (1n << 12n)) }, 'mutually exclusive'],
    [{ transport: { lz4_block: '128KiB' } }, 'transport.lz4_block'],
    [{ backend: { nosuch: {} } }, 'unknown provider'],
    [{ backend: { ais: { a: [] } } }, 'no URL'],
    [{ auth: { client_auth_required: true } }, 'exactly one'],
    [{ auth: { signature: { key: 'k' } } }, '"auth": "signature.method": is required'],
  ])('refuses %j', (json, why) => {
    expect(() => applySetConfig(base, json)).toThrow(why)
  })

  it.each([
    [
      { timeout: { cplane_operation: '1s' } },
      ['timeout.max_keepalive', 'timeout.cplane_operation'],
    ],
    [{ timeout: { join_startup_time: '1m' } }, ['join_startup_time', 'timeout.startup_time']],
    [{ timeout: { cold_get_conflict: '1m' } }, ['cold_get_conflict', 'max_host_busy']],
    [{ timeout: { max_keepalive: '2s' } }, ['keepalivetracker.proxy.interval', 'max_keepalive']],
    [{ log: { max_total: '65MiB' } }, ['log.max_total', 'log.max_size']],
    [{ lso: { quiescent: '30s' } }, ['lso.quiescent', 'lso.idle_time']],
    [{ space: { lowwm: 91 } }, ['space.lowwm=91', 'space.highwm=90']],
    [{ rate_limit: { frontend: { burst_size: 501 } } }, ['burst_size', 'max_tokens']],
    [{ versioning: { enabled: false, validate_warm_get: true } }, ['versioning.enabled']],
    [{ net: { http: { use_https: true } } }, ['net.http.use_https', 'net.http.server_crt']],
  ])('names both sides of a contradiction in %j', (json, names) => {
    for (const name of names) expect(() => applySetConfig(base, json)).toThrow(name)
  })

  it.each([
    [['nosuch.x', '1'], '"nosuch.x": unknown field'],
    [['log', '1'], '"log" is a section'],
    [['log.level.x', '1'], 'unknown field'],
    [['lru.enabled', 'maybe'], 'invalid value "maybe"'],
    [['mirror.copies', '2.5'], 'invalid value'],
    [['auth.client_auth_required', 'true'], 'exactly one'],
    [['auth.client_auth_required', 'maybe'], 'invalid value'],
    [['auth.nosuch', 'x'], 'invalid value'],
    [['backend.aws', 'x'], 'unknown field'],
    [['uuid', 'x'], 'read-only'],
  ] as const)('refuses the pair %j', (pair, why) => {
    expect(() => applySetConfigQuery(base, [['log.level', '4'], pair])).toThrow(why)
  })

  it('is all or nothing: every accepted change is valid together', () => {
    const share = fc.integer({ min: -10, max: 120 })
    fc.assert(
      fc.property(share, share, share, share, (cleanupwm, lowwm, highwm, out_of_space) => {
        try {
          const { space } = applySetConfig(base, {
            space: { cleanupwm, lowwm, highwm, out_of_space },
          })
          expect(space.cleanupwm < space.lowwm && space.lowwm < space.highwm).toBe(true)
        } catch {
          expect(base.space.lowwm).toBe(75)
        }
      }),
    )
  })
})

describe('what follows a change', () => {
  it('names what needs a restart, what cannot be transient, what is not for one node', () => {
    const names = ['log.level', 'net.use_ipv6', 'timeout.max_keepalive', 'timeout.object_md']
    expect(restartRequired(names)).toEqual(['net.use_ipv6', 'timeout.max_keepalive'])
    expect(() => checkTransient(['log.level'])).not.toThrow()
    expect(() => checkTransient(names)).toThrow('net.use_ipv6')
    expect(() => checkTransient(['timeout.object_md'])).not.toThrow()
    expect(() => checkNodeScope(['log.level', 'disk.iostat_time_long'])).not.toThrow()
    expect(() => checkNodeScope(['ec.enabled'])).toThrow('ec configuration can only be globally')
    expect(() => checkTransientScope(['features'])).toThrow('features (cluster-scoped)')
  })

  it('masks the signing key and nothing public', () => {
    const withKey = (method: string) =>
      applySetConfig(base, {
        auth: { client_auth_required: true, signature: { key: 'canary', method } },
      })
    const shown = (method: string) => stringifyJson(configToJson(maskSecrets(withKey(method))))
    expect(shown('HS256')).not.toContain('canary')
    expect(shown('HS256')).toContain('**********')
    expect(shown('RS256')).toContain('canary')
  })
})
