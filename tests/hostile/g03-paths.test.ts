import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Door, type Doors, head, openDoors, sendRaw } from './doors.ts'

let doors: Doors

beforeAll(async () => {
  doors = await openDoors()
}, 60_000)
afterAll(() => doors.stop())

/** Ways to write a name, and the one name that each may stand for; none: nobody may take it for any. */
const forms: readonly (readonly [written: string, name: string | undefined])[] = [
  ['a%2fb', 'a/b'],
  ['a%2Fb', 'a/b'],
  ['a%252fb', 'a%2fb'],
  ['a;b', 'a;b'],
  ['a%3bb', 'a;b'],
  ['a%5cb', 'a\\b'],
  ['a\\b', 'a\\b'],
  ['%e9', undefined],
  ['%c3%a9', 'é'],
  ['e%cc%81', 'e\u0301'],
  ['%c0%ae%c0%ae', undefined],
  ['a+b', 'a+b'],
  ['a%20b', 'a b'],
  ['a%2', undefined],
  ['a%00b', undefined],
  ['%2e%2e', undefined],
  ['%2e%2e/other/x', undefined],
  ['%2e%2e%2fother%2fx', undefined],
  ['../other/x', undefined],
  ['..\\other\\x', '..\\other\\x'],
  ['..%5cother', '..\\other'],
  ['a/../b', undefined],
  ['a/./b', undefined],
  ['./a', undefined],
  ['..%00', undefined],
  ['a//b', 'a//b'],
  ['a%2f%2fb', 'a//b'],
]

async function names(bucket: string): Promise<string[]> {
  const init = { method: 'POST', headers: { 'x-http-method-override': 'GET' } }
  const body = JSON.stringify({ action: 'list', value: { props: 'name' } })
  const answer = await fetch(`${doors.gateway.endpoint}/v1/buckets/${bucket}`, { ...init, body })
  const { entries } = await answer.json()
  return (entries ?? []).map(({ name }: { readonly name: string }) => name)
}

/** PUT of a name as it is written, redirects followed. */
async function put(door: Door, path: string): Promise<number> {
  const body = ['Content-Length: 1']
  let { status, text } = await sendRaw(door, `${head(door, `PUT ${path}`, body)}x`)
  if (status === 307) {
    const location = /\r\nlocation: ([^\r]*)/i.exec(text)?.[1] ?? ''
    const { port } = new URL(location)
    const to = { port: Number(port) }
    const target = location.slice(location.indexOf('/', 'http://'.length))
    ;({ status, text } = await sendRaw(to, `${head(to, `PUT ${target}`, body)}x`))
  }
  return status
}

/** Names that a PUT made, `refused`, or what is wrong. */
async function madeBy(door: Door, path: string): Promise<string> {
  const status = await put(door, path)
  const made = await names('b')
  for (const name of made) {
    const url = `${doors.gateway.endpoint}/v1/objects/b/${encodeURIComponent(name)}`
    await fetch(url, { method: 'DELETE' })
  }
  if (status === 200) return made.length === 1 ? `"${made[0]}"` : `200 made ${made.join()}`
  if (made.length > 0) return `${status} made ${made.join()}`
  return status === 0 || (status >= 400 && status < 500) ? 'refused' : `status ${status}`
}

describe('G03: a name has one meaning', () => {
  it.each(['/v1/objects/b/', '/s3/b/'])(
    'whoever reads it below %s',
    async (base) => {
      const wrong: string[] = []
      for (const [written, name] of forms) {
        for (const door of [doors.gateway, ...doors.edges]) {
          const made = await madeBy(door, base + written)
          // Nobody has to take an odd way to write a name; who does takes it for this one.
          const may = name === undefined ? ['refused'] : ['refused', `"${name}"`]
          if (!may.includes(made)) wrong.push(`${door.name} ${written}: ${made}`)
          if (door === doors.gateway && name !== undefined && made === 'refused')
            wrong.push(`${written} is refused`)
        }
      }
      expect(wrong).toEqual([])
      expect(await names('other')).toEqual([])
    },
    120_000,
  )

  it('also for a target that is asked directly', async () => {
    const kept = await fetch(`${doors.gateway.endpoint}/v1/objects/other/x`, {
      method: 'PUT',
      body: 'secret',
    })
    expect(kept.status).toBe(200)
    for (const base of ['/v1/objects/b/', '/s3/b/']) {
      for (const [written] of forms) {
        const { status, text } = await sendRaw(
          doors.target,
          head(doors.target, `GET ${base}${written}`),
        )
        expect(status === 200 || text.includes('secret'), `${base}${written}`).toBe(false)
      }
    }
  })
})
