import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, type Doors, openDoors } from './doors.ts'

let doors: Doors

beforeAll(async () => {
  doors = await openDoors()
  const url = `${doors.gateway.endpoint}/v1/objects/b/o`
  expect((await fetch(url, { method: 'PUT', body: 'old' })).status).toBe(200)
}, 60_000)
afterAll(() => doors.stop())

const manual = { redirect: 'manual' } as const
const everyDoor = (): readonly Door[] => [doors.gateway, ...doors.edges]

/** Headers that nobody has in a key, and that an answer could be made to depend on. */
const unkeyed: readonly (readonly [string, string])[] = [
  ['x-forwarded-host', 'attacker.example'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-port', '1'],
  ['x-original-url', '/v1/objects/b/other'],
  ['x-rewrite-url', '/v1/objects/b/other'],
  ['forwarded', 'host=attacker.example'],
  ['x-http-method', 'DELETE'],
  ['x-http-method-override', 'DELETE'],
  ['x-method-override', 'DELETE'],
]

describe('G09: a cache between', () => {
  it('may keep no redirect: it is good once, and for one client', async () => {
    for (const { endpoint, name } of everyDoor()) {
      for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
        const headers = { 'ais-reach': 'targets' }
        const body = method === 'PUT' ? 'x' : null
        const url = `${endpoint}/v1/objects/b/redirected`
        const { status, headers: told } = await fetch(url, { ...manual, method, headers, body })
        expect([301, 307], `${name} ${method}`).toContain(status)
        expect(told.get('cache-control'), `${name} ${method}`).toContain('no-store')
      }
    }
  })

  it('may keep no refusal', async () => {
    for (const { endpoint, name } of everyDoor()) {
      const refusals: [string, HeadersInit][] = [
        ['/v1/objects/b/o', { origin: 'http://attacker.example' }],
        ['/v1/objects/none/o', {}],
        ['/v1/nothing', {}],
        ['/s3/none/o', {}],
        ['/s3/b/none', {}],
      ]
      for (const [path, headers] of refusals) {
        const answer = await fetch(`${endpoint}${path}`, { ...manual, headers })
        expect(answer.status, `${name} ${path}`).toBeGreaterThanOrEqual(400)
        expect(answer.headers.get('cache-control'), `${name} ${path}`).toContain('no-store')
      }
    }
  })

  it('is told the same whatever a header says that is in no key', async () => {
    for (const { endpoint, name } of everyDoor()) {
      for (const line of unkeyed) {
        const headers: [string, string][] = [[...line], ['ais-reach', 'targets']]
        const answer = await fetch(`${endpoint}/v1/objects/b/o`, { ...manual, headers })
        const text = JSON.stringify([...answer.headers]) + (await answer.text())
        expect(text, `${name} ${line[0]}`).not.toContain('attacker')
        expect([301, 400], `${name} ${line[0]}`).toContain(answer.status)
        const location = answer.headers.get('location') ?? '/v1/objects/b/o?'
        expect(location, `${name} ${line[0]}`).toContain('/v1/objects/b/o?')
      }
    }
    expect(await (await fetch(`${doors.gateway.endpoint}/v1/objects/b/o`)).text()).toBe('old')
  })

  it('never has what was overwritten from an edge', async () => {
    for (const { endpoint, name } of doors.edges) {
      for (const path of ['/v1/objects/b/turn', '/s3/b/turn']) {
        for (const body of ['first', 'second']) {
          const url = `${doors.gateway.endpoint}/v1/objects/b/turn`
          expect((await fetch(url, { method: 'PUT', body })).status).toBe(200)
          expect(await (await fetch(`${endpoint}${path}`)).text(), `${name} ${path}`).toBe(body)
        }
      }
    }
  })
})
