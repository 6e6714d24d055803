import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  act,
  createBucket,
  flagsOf,
  idOf,
  leads,
  openYard,
  primaryId,
  setPrimary,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

let yard: Yard
let first: RunningNode
let second: RunningNode
let third: RunningNode
let target: RunningNode

beforeEach(async () => {
  yard = await openYard()
  first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  second = await yard.start('proxy', 1, { joinUrl })
  third = await yard.start('proxy', 2, { joinUrl, nonElectable: true })
  target = await yard.start('target', 0, { joinUrl })
  await Promise.all([first, second, third, target].map(({ joined }) => joined))
})

afterEach(() => yard.close())

describe('set-primary', () => {
  it('moves the lead, to and fro, through any gateway, and a bucket can be made at once', async () => {
    for (const [through, to] of [
      [first, second],
      [third, first],
      [second, second],
    ] as const) {
      const { version } = first.metadata.smap()
      expect((await setPrimary(through, idOf(to))).status).toBe(200)
      expect(leads(to)).toBe(true)
      expect(to.metadata.smap().version).toBeGreaterThan(version)
      expect((await createBucket(through, `made-at-${version}`)).status).toBe(200)
    }
    const { version } = second.metadata.smap()
    expect((await setPrimary(first, idOf(second))).status).toBe(200)
    expect(second.metadata.smap().version).toBe(version)
  })

  it('refuses who cannot lead', async () => {
    const sid = idOf(second)
    expect((await act(first, 'start-maintenance', { sid })).status).toBe(200)
    for (const [id, status, words] of [
      ['nobody12', 404, 'does not exist'],
      [idOf(target), 404, 'is not a proxy'],
      [idOf(third), 400, 'non-electable'],
      [sid, 400, 'under maintenance'],
    ] as const) {
      const reply = await setPrimary(first, id)
      expect(reply.status).toBe(status)
      expect(await reply.text()).toContain(words)
    }
    expect(leads(first)).toBe(true)
  })
})

describe('a primary that stops', () => {
  it('has handed over before it is gone', async () => {
    await first.stop()
    expect(leads(second)).toBe(true)
    expect((await createBucket(second, 'b')).status).toBe(200)
    await until(third, 'the others know', () => primaryId(third) === idOf(second))
  })

  it('leaves no primary when nobody else may lead, and leads again when it returns', async () => {
    await second.stop()
    await until(first, 'the map is without it', () => flagsOf(first, idOf(second)) === undefined)
    await first.stop()
    expect((await createBucket(third, 'b')).status).not.toBe(200)
    const again = await yard.start('proxy', 0, { joinUrl: urlOf(third) })
    await again.joined
    expect(idOf(again)).toBe(idOf(first))
    expect(leads(again)).toBe(true)
    expect((await createBucket(third, 'b')).status).toBe(200)
  })
})

it('a node that stops is out of the map before anybody would have missed it', async () => {
  const id = idOf(target)
  const heardAt = () => first.control.state().leading?.heard.get(id) ?? 0
  const before = heardAt()
  await target.stop()
  await until(first, 'it is out', () => flagsOf(first, id) === undefined)
  // Silence alone would have left the time of its last keepalive.
  expect(heardAt()).toBeLessThan(before)
  const again = await yard.start('target', 0, { joinUrl: urlOf(second) })
  await again.joined
  expect(flagsOf(first, id)).toBe(0)
})

it('a change asked of another gateway while the primary is gone is made by the next one', async () => {
  await yard.crash(first)
  const replies = await Promise.all([
    createBucket(second, 'through-the-next'),
    createBucket(third, 'through-one-that-never-leads'),
    fetch(`${urlOf(third)}/v1/health?prr=true`),
  ])
  expect(replies.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(leads(second)).toBe(true)
})

it('of gateways that may not lead none does, however many there are', async () => {
  const others = await openYard()
  try {
    const only = await others.start('proxy', 0)
    const joinUrl = urlOf(only)
    const rest: RunningNode[] = []
    for (const index of [1, 2, 3]) {
      rest.push(await others.start('proxy', index, { joinUrl, nonElectable: true }))
    }
    await Promise.all([only, ...rest].map(({ joined }) => joined))
    await others.crash(only)
    const replies = await Promise.all(rest.map((node, at) => createBucket(node, `b-${at}`)))
    for (const { status } of replies) expect(status).toBeGreaterThanOrEqual(500)
    expect(rest.filter(leads)).toEqual([])
  } finally {
    await others.close()
  }
})
