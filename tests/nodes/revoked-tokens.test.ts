import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openYard, until, urlOf, type Yard } from './yard.ts'

const timeout = 60_000

let yard: Yard
let gateways: RunningNode[]
let target: RunningNode

async function startAll(): Promise<void> {
  const first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  gateways = [first, await yard.start('proxy', 1, { joinUrl })]
  target = await yard.start('target', 10, { joinUrl })
  await Promise.all([...gateways, target].map(({ joined }) => joined))
}

beforeAll(async () => {
  yard = await openYard()
  await startAll()
}, timeout)

afterAll(() => yard.close())

const gateway = (at: number) => gateways[at] ?? expect.fail('no such gateway')
const part = (json: object) => Buffer.from(stringifyJson(json)).toString('base64url')
/** Of a user, good until 2286. */
const tokenOf = (sub: string) =>
  `${part({ alg: 'HS256' })}.${part({ sub, exp: 9_999_999_999 })}.c2ln`

function revoke(at: number, message: unknown): Promise<Response> {
  const body = stringifyJson(message)
  return fetch(`${urlOf(gateway(at))}/v1/tokens`, { method: 'DELETE', body })
}

async function statusWith(at: number, token: string, path = '/v1/daemon?what=smap') {
  const headers = { authorization: `Bearer ${token}` }
  return (await fetch(urlOf(gateway(at)) + path, { headers, redirect: 'manual' })).status
}

it('a token that was revoked at one gateway is good at none, by whatever path', {
  timeout,
}, async () => {
  expect(await statusWith(0, tokenOf('ann'))).toBe(200)
  expect((await revoke(1, { tokens: [tokenOf('ann'), tokenOf('bob')] })).status).toBe(200)
  for (const at of [0, 1]) {
    for (const path of ['/v1/daemon?what=smap', '/v1/objects/b/o', '/v1/health']) {
      expect(await statusWith(at, tokenOf('ann'), path)).toBe(401)
    }
    expect(await statusWith(at, tokenOf('bob'))).toBe(401)
    expect(await statusWith(at, tokenOf('cat'))).toBe(200)
  }
  const refusal = await fetch(`${urlOf(gateway(0))}/v1/buckets/x`, {
    method: 'HEAD',
    headers: { authorization: `bEaReR ${tokenOf('ann')}` },
  })
  expect(refusal.status).toBe(401)
  expect(refusal.headers.get('hdr-error') ?? '').not.toContain(tokenOf('ann'))
})

it('revoking again changes nothing', { timeout }, async () => {
  const { version } = gateway(0).metadata.revoked()
  const again = await revoke(0, { tokens: [tokenOf('bob')], version: '77' })
  expect([again.status, gateway(0).metadata.revoked().version]).toEqual([200, version])
})

it('a list that cannot be taken whole is not taken at all', { timeout }, async () => {
  const { version } = gateway(0).metadata.revoked()
  const without = `${part({ alg: 'HS256' })}.${part({ sub: 'dan' })}.c2ln`
  const bad: [unknown, string][] = [
    [{}, '"tokens"'],
    [{ tokens: [] }, '"tokens"'],
    [{ tokens: tokenOf('dan') }, '"tokens"'],
    [{ tokens: [7] }, '"tokens.0"'],
    [{ tokens: [tokenOf('dan'), 'opaque'] }, '"tokens.1"'],
    [{ tokens: [without] }, '"tokens.0"'],
    [{ token: tokenOf('dan') }, '"token"'],
  ]
  for (const [message, named] of bad) {
    for (const at of [0, 1]) {
      const reply = await revoke(at, message)
      const text = await reply.text()
      expect([reply.status, text]).toEqual([
        400,
        expect.stringContaining(JSON.stringify(named).slice(1, -1)),
      ])
      expect(text).not.toContain(tokenOf('dan'))
    }
  }
  expect(gateway(0).metadata.revoked().version).toBe(version)
})

it('every node holds the document, and still after all of them were killed', {
  timeout,
}, async () => {
  const held = gateway(0).metadata.revoked()
  for (const node of [...gateways, target]) {
    await until(node, 'the tokens', () => node.metadata.revoked().version === held.version)
  }
  await Promise.all([...gateways, target].map((node) => yard.crash(node)))
  await startAll()
  for (const node of [...gateways, target]) expect(node.metadata.revoked()).toEqual(held)
  expect(await statusWith(1, tokenOf('ann'))).toBe(401)
})
