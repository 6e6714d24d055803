import { endpoints } from '@aistore-ts/core/api/registry.ts'
import { header } from '@aistore-ts/core/wire/headers.ts'
import { queryParam } from '@aistore-ts/core/wire/query-params.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, type Doors, openDoors, stateOf } from './doors.ts'

let doors: Doors

beforeAll(async () => {
  doors = await openDoors()
  const url = `${doors.gateway.endpoint}/v1/objects/b/o`
  expect((await fetch(url, { method: 'PUT', body: 'kept' })).status).toBe(200)
}, 60_000)
afterAll(() => doors.stop())

const everyDoor = (): readonly Door[] => [doors.gateway, doors.target, ...doors.edges]

/** Resources and methods that a role takes from nodes and from nobody else. */
function innerOf(role: 'proxy' | 'target'): readonly string[] {
  const networks = new Map<string, Set<string>>()
  for (const one of endpoints) {
    if (one[role] === undefined) continue
    const name = `${one.method} ${one.resource}`
    const taken = networks.get(name) ?? new Set()
    for (const network of one[`${role}Networks`] ?? ['public']) taken.add(network)
    networks.set(name, taken)
  }
  return [...networks].flatMap(([name, taken]) => (taken.has('public') ? [] : [name]))
}

/** What gateways tell targets, and nobody else may. */
const innerHeaders: readonly (readonly [string, string])[] = [
  [
    'ais-s3-admission',
    '{"isHidden":false,"canonicalId":"a","claims":"all","action":"s3:GetObject","values":{}}',
  ],
  ['ais-s3-source-admission', '{"isHidden":false}'],
  ['ais-s3-payload', '{"kind":"sha256","hex":"00"}'],
  ['ais-s3-bucket-id', '1'],
  ['ais-s3-owner', 'f'.repeat(64)],
  ['ais-s3-request-id', 'FORGED'],
  ['ais-s3-tags', 'true'],
  ['ais-s3-bypass-governance', 'true'],
  ['x-edge-host', '127.0.0.1'],
]

describe('S09: what nodes say to one another', () => {
  it('is refused where clients are, whatever the endpoint, and changes nothing', async () => {
    const before = await stateOf(doors.server)
    for (const { endpoint, name } of everyDoor()) {
      const inner = innerOf(name === 'target' ? 'target' : 'proxy')
      expect(inner.length).toBeGreaterThan(3)
      for (const one of inner) {
        const [method = '', resource] = one.split(' ')
        for (const more of ['', '/b', '/b/o', '/begin', '/commit']) {
          const url = `${endpoint}/v1/${resource}${more}`
          const body = method === 'GET' || method === 'HEAD' ? null : '{"action":"create-bck"}'
          const { status } = await fetch(url, { method, body, redirect: 'manual' })
          expect(status, `${name}: ${method} ${url}`).toBeGreaterThanOrEqual(400)
          expect(status, `${name}: ${method} ${url}`).toBeLessThan(500)
        }
      }
    }
    expect(await stateOf(doors.server)).toBe(before)
  })

  it('makes a node of nobody who calls himself one', async () => {
    const before = await stateOf(doors.server)
    const id = doors.server.proxies[0]?.snode.daemonId ?? ''
    for (const { endpoint, name } of everyDoor()) {
      for (const caller of [header.callerId, header.callerId.toLowerCase()]) {
        const headers = {
          [caller]: id,
          [header.callerIsPrimary]: 'true',
          [header.callerSmapVersion]: '9',
        }
        const calls: [string, string, string?][] = [
          ['GET', '/v1/objects/b/o'],
          ['PUT', '/v1/objects/b/o', 'forged'],
          ['DELETE', '/v1/objects/b/o'],
          ['PUT', '/v1/daemon/smap', '{}'],
        ]
        for (const [method, path, body] of calls) {
          const init = { method, headers, body: body ?? null, redirect: 'manual' as const }
          const { status } = await fetch(`${endpoint}${path}`, init)
          expect(status, `${name}: ${method} ${path}`).toBeGreaterThanOrEqual(400)
        }
      }
    }
    expect(await stateOf(doors.server)).toBe(before)
  })

  it('lets nobody in by what a gateway adds for a target', async () => {
    const gateway = doors.gateway.endpoint
    const make = (path: string, body: unknown) =>
      fetch(`${gateway}/v1/credentials/${path}`, { method: 'POST', body: JSON.stringify(body) })
    await make('users', { id: 'ann', permissions: { admin: true } })
    try {
      const before = await stateOf(doors.server)
      for (const { endpoint, name } of [doors.gateway, ...doors.edges]) {
        for (const line of innerHeaders) {
          for (const method of ['GET', 'PUT', 'DELETE']) {
            const init = {
              method,
              headers: [[...line] as [string, string]],
              redirect: 'manual' as const,
            }
            const body = method === 'PUT' ? { body: 'forged' } : {}
            const { status } = await fetch(`${endpoint}/s3/b/o`, { ...init, ...body })
            expect(status, `${name}: ${method} with ${line[0]}`).toBe(403)
          }
        }
      }
      expect(await stateOf(doors.server)).toBe(before)
    } finally {
      await fetch(`${gateway}/v1/credentials/users/ann`, { method: 'DELETE' })
    }
  })

  it('vouches for nobody: a redirect that somebody wrote himself', async () => {
    const before = await stateOf(doors.server)
    const signer = doors.server.proxies[0]?.snode.daemonId ?? ''
    const query = new URLSearchParams({
      ...{
        [queryParam.redirectedBy]: signer,
        [queryParam.redirectTime]: '1abc',
        [queryParam.bucketId]: '1',
      },
      ...{
        [queryParam.smapVersion]: '1',
        [queryParam.nonce]: 'n',
        [queryParam.signature]: 'A'.repeat(22),
      },
    })
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
      const body = method === 'PUT' ? 'forged' : null
      for (const path of ['/v1/objects/b/o', '/s3/b/o']) {
        const { status } = await fetch(`${doors.target.endpoint}${path}?${query}`, { method, body })
        expect([401, 403], `${method} ${path}`).toContain(status)
      }
    }
    expect(await stateOf(doors.server)).toBe(before)
  })
})
