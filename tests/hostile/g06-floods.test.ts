import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Doors, head, openDoors, sendRaw } from './doors.ts'

let doors: Doors

beforeAll(async () => {
  doors = await openDoors()
  const url = `${doors.gateway.endpoint}/v1/objects/b/o`
  expect((await fetch(url, { method: 'PUT', body: 'kept' })).status).toBe(200)
}, 60_000)
afterAll(() => doors.stop())

const many = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_u, at) => make(at))

/** What nobody may take, by name: the target, and header lines. */
const refused: Readonly<Record<string, readonly [target: string, lines: readonly string[]]>> = {
  'very many headers': ['/v1/objects/b/o', many(5_000, (at) => `x-h${at}: ${at}`)],
  'a very long header': ['/v1/objects/b/o', [`x-long: ${'a'.repeat(64 * 1024)}`]],
  'a header with a very long name': ['/v1/objects/b/o', [`${'n'.repeat(64 * 1024)}: a`]],
  'a very long target': [`/v1/objects/b/${'a'.repeat(64 * 1024)}`, []],
}

/** What is odd and says nothing: it is served as if it were not there, or refused. */
const odd: Readonly<Record<string, readonly [target: string, lines: readonly string[]]>> = {
  'a header called __proto__': [
    '/v1/objects/b/o',
    ['__proto__: x', 'constructor: y', 'toString: z'],
  ],
  'parameters called so': ['/v1/objects/b/o?__proto__=x&constructor=y&hasOwnProperty=z', []],
  'very many parameters': [`/v1/objects/b/o?${many(1_500, (at) => `p${at}=`).join('&')}`, []],
  // Platforms that join lines of one name are left with one line.
  'one header very many times': ['/v1/objects/b/o', many(8_000, () => 'x-same: 1')],
  'a bucket called so': ['/v1/objects/__proto__/o', []],
  'an object called so': ['/v1/objects/b/__proto__', []],
  'a resource called so': ['/v1/__proto__/b/o', []],
  'one of S3 called so': ['/s3/constructor/__proto__', []],
}

const everyDoor = () => [doors.gateway, doors.target, ...doors.edges]

async function stillServes(): Promise<void> {
  for (const { endpoint, name } of everyDoor()) {
    const { status } = await fetch(`${endpoint}/v1/objects/b/o`, { method: 'HEAD' })
    expect([200, 404], name).toContain(status)
  }
}

describe('G06: whoever sends too much', () => {
  it.each(Object.keys(refused))('is refused: %s', async (what) => {
    const [target, lines] = refused[what] ?? ['', []]
    for (const door of everyDoor()) {
      const { status } = await sendRaw(door, head(door, `GET ${target}`, lines))
      const isRefused = status === 0 || (status >= 400 && status < 500)
      expect(isRefused, `${door.name}: ${status}`).toBe(true)
    }
    await stillServes()
  })

  it.each(Object.keys(odd))('comes to nothing: %s', async (what) => {
    const [target, lines] = odd[what] ?? ['', []]
    for (const door of everyDoor()) {
      const { status } = await sendRaw(door, head(door, `GET ${target}`, lines))
      expect(status, door.name).toBeGreaterThan(0)
      expect(status, door.name).toBeLessThan(500)
    }
    await stillServes()
  })
})
