import { beforeEach, describe, expect, it } from 'vitest'
import { type Credentials, noCredentials } from '../cluster/credentials.ts'
import { emptySmap, type Smap, withNode } from '../cluster/smap.ts'
import { createSnode, netInfo, type Snode } from '../cluster/snode.ts'
import { defaultClusterConfig } from '../config/cluster-config.ts'
import type { HeaderLine } from '../ports/call.ts'
import { parseTarget } from '../wire/target.ts'
import { createPairKeys } from './pair-keys.ts'
import { type AdmittingTarget, runAdmitted } from './redirect-check.ts'
import { createRedirectSigner } from './redirect-signer.ts'
import { createSpentNonces } from './spent-nonces.ts'
import type { RedirectedCall } from './tagged-location.ts'
import { agreeingCrypto } from './testing/agreeing-crypto.ts'

const windowMs = 60_000

/** A gateway and a target that know each other, each with a time of its own. */
function pair() {
  const gatewayTime = { ms: 1_000_000 }
  const targetTime = { ms: 1_000_000 }
  const own = (seed: number) => {
    const privateKey = new Uint8Array(32).fill(seed)
    return { privateKey, publicKey: agreeingCrypto.x25519Public(privateKey) }
  }
  const [gatewayKeys, targetKeys] = [own(1), own(2)]
  const node = (daemonId: string, daemonType: Snode['daemonType'], exchangeKey: Uint8Array) => {
    const net = netInfo('127.0.0.1', daemonType === 'proxy' ? 9001 : 9002)
    const nets = { publicNet: net, controlNet: net, dataNet: net }
    return createSnode({ daemonId, daemonType, ...nets, exchangeKey })
  }
  const gateway = node('gateway1', 'proxy', gatewayKeys.publicKey)
  const targetNode = node('target01', 'target', targetKeys.publicKey)
  const map: { gateway: Smap; target: Smap; credentials: Credentials; refreshed: number } = {
    gateway: withNode(withNode(emptySmap(), gateway), targetNode),
    target: emptySmap(),
    credentials: noCredentials,
    refreshed: 0,
  }
  map.target = map.gateway
  const keysOf = (ownId: string, keys: ReturnType<typeof own>, time: { ms: number }) =>
    createPairKeys({
      crypto: agreeingCrypto,
      own: keys,
      ownId,
      clusterUuid: () => 'cluster',
      monotonic: () => time.ms,
      graceMs: () => windowMs,
    })
  const signer = createRedirectSigner({
    crypto: agreeingCrypto,
    time: { now: () => gatewayTime.ms, heard() {} },
    random: { bytes: (length) => new Uint8Array(length).fill(7) },
    metadata: { smap: () => map.gateway },
    pairKeys: keysOf('gateway1', gatewayKeys, gatewayTime),
    self: () => gateway,
    tags: () => true,
  })
  const target: AdmittingTarget = {
    metadata: {
      config: defaultClusterConfig,
      credentials: () => map.credentials,
      smap: () => map.target,
    },
    platform: { crypto: agreeingCrypto, clock: { monotonic: () => targetTime.ms } },
    time: { now: () => targetTime.ms },
    redirects: {
      pairKeys: keysOf('target01', targetKeys, targetTime),
      nonces: createSpentNonces(
        () => windowMs,
        () => targetTime.ms,
      ),
      startedAt: 0,
    },
    self: () => targetNode,
    async refreshMetadata() {
      map.refreshed += 1
      map.target = map.gateway
    },
  }
  return { gatewayTime, targetTime, map, signer, target, targetNode }
}

function call(method: string, target: string, lines: readonly HeaderLine[] = [], lengthBytes = 5) {
  const headers = {
    get: (name: string) => lines.find(([line]) => line === name)?.[1],
    all: (name: string) => lines.filter(([line]) => line === name).map(([, value]) => value),
    lines: () => lines,
  }
  const body = {
    lengthBytes,
    consume: async () => undefined,
    async *[Symbol.asyncIterator]() {},
  }
  return { call: { headers, body }, method, target: parseTarget(target) } satisfies RedirectedCall
}

let parts: ReturnType<typeof pair>
let status = 200

beforeEach(() => {
  parts = pair()
  status = 200
})

/** Path and query of where the gateway sends the call. */
function redirected(method: string, target: string, lines?: readonly HeaderLine[]): string {
  const location = parts.signer.location(call(method, target, lines), parts.targetNode, 1n)
  return location.slice(parts.targetNode.publicNet.url.length)
}

const arrive = async (sent: ReturnType<typeof call>) =>
  (await runAdmitted(parts.target, sent, () => ({ status, headers: [] }))).status

const objectTarget = '/v1/objects/b/dir/o%201?provider=ais&x=1'

describe('S08: a redirect', () => {
  it('is taken with its query in another order, repeated, and quoted otherwise', async () => {
    const [path = '', query = ''] = redirected('GET', objectTarget).split('?')
    const turned = query.split('&').reverse().join('&')
    expect(await arrive(call('GET', `${path}?${turned}`))).toBe(200)
    expect(await arrive(call('GET', `${path}?${query}&provider=aws`))).toBe(200)
    expect(await arrive(call('GET', `${path}?${query}&provider=ais`))).toBe(200)
    const quoted = `${path}?${query.replace('provider=ais', 'provider=%61is')}`
    expect(await arrive(call('GET', quoted))).toBe(200)
  })

  it('does not bear what the client said in its place', async () => {
    const sent = redirected('GET', `${objectTarget}&pid=me&utm=zz&u=none`)
    expect(sent).not.toContain('pid=me')
    expect(await arrive(call('GET', sent))).toBe(200)
  })

  it.each([
    ['method', (sent: string) => call('HEAD', sent)],
    ['name', (sent: string) => call('PUT', sent.replace('dir', 'dis'))],
    ['query', (sent: string) => call('PUT', `${sent}&append_type=flush`)],
    ['time', (sent: string) => call('PUT', sent.replace(/utm=./, 'utm=1'))],
    ['nonce', (sent: string) => call('PUT', sent.replace(/x=([^&]*)&u/, 'x=$1a&u'))],
    ['bucket', (sent: string) => call('PUT', sent.replace('bid=1', 'bid=2'))],
    ['header', (sent: string) => call('PUT', sent, [['ais-custom-md', 'a=b']])],
    ['condition', (sent: string) => call('PUT', sent, [['if-none-match', '*']])],
    ['length', (sent: string) => call('PUT', sent, [], 6)],
    [
      'tag',
      (sent: string) =>
        call(
          'PUT',
          sent.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
        ),
    ],
  ])('with another %s is refused', async (_what, altered) => {
    const sent = redirected('PUT', objectTarget)
    await expect(arrive(altered(sent))).rejects.toMatchObject({ code: 'ErrUnauthorized' })
  })

  it('changes something once, and again only when that failed', async () => {
    const sent = redirected('PUT', objectTarget)
    status = 503
    expect(await arrive(call('PUT', sent))).toBe(503)
    status = 200
    expect(await arrive(call('PUT', sent))).toBe(200)
    await expect(arrive(call('PUT', sent))).rejects.toThrow('used before')
  })

  it('is good for a minute, by the time of either', async () => {
    const sent = redirected('GET', objectTarget)
    parts.targetTime.ms += windowMs
    expect(await arrive(call('GET', sent))).toBe(200)
    parts.targetTime.ms += 1
    await expect(arrive(call('GET', sent))).rejects.toThrow('expired')
    parts.targetTime.ms -= 2 * windowMs + 2
    await expect(arrive(call('GET', sent))).rejects.toThrow('expired')
  })

  it('to a change goes back to its gateway when the target is younger', async () => {
    const sent = redirected('PUT', objectTarget)
    parts.targetTime.ms += 10
    parts.target = {
      ...parts.target,
      redirects: { ...parts.target.redirects, startedAt: parts.targetTime.ms - 5 },
    }
    await expect(arrive(call('PUT', sent))).rejects.toMatchObject({
      code: 'ErrMovedTo',
      headers: [
        ['Location', 'http://127.0.0.1:9001/v1/objects/b/dir/o%201?provider=ais'],
        ['Cache-Control', 'no-store'],
      ],
    })
  })

  it('of a newer map has the target ask for that first', async () => {
    parts.map.target = emptySmap()
    expect(await arrive(call('GET', redirected('GET', objectTarget)))).toBe(200)
    expect(parts.map.refreshed).toBe(1)
  })

  it('of somebody who is not in the map is refused', async () => {
    const sent = redirected('GET', objectTarget).replace('pid=gateway1', 'pid=nobody')
    await expect(arrive(call('GET', sent))).rejects.toThrow('nobody in the map is "nobody"')
  })
})
