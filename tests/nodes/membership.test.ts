import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { snodeFlags } from '@aistore-ts/core/cluster/snode.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  act,
  createBucket,
  flagsOf,
  getObject,
  idOf,
  leads,
  openYard,
  putObject,
  until,
  urlOf,
  type Yard,
} from './yard.ts'

let yard: Yard
let first: RunningNode
let second: RunningNode
let targets: RunningNode[]

const { maintenance } = snodeFlags
const still = { skip_rebalance: true }
const health = async (node: RunningNode, query = '') =>
  (await fetch(`${urlOf(node)}/v1/health${query}`)).status
const versionOf = (node: RunningNode) => node.metadata.smap().version

/** What `ais cluster add-remove-nodes join` sends. */
function admit(address: string, role: string, flags = ''): Promise<Response> {
  return fetch(`${urlOf(second)}/v1/cluster/join-by-admin`, {
    method: 'POST',
    headers: flags === '' ? {} : { 'Ais-Node-Flags': flags },
    body: JSON.stringify({
      daemon_id: '',
      daemon_type: role,
      intra_control_net: { node_ip_addr: '127.0.0.1', daemon_port: '', direct_url: address },
    }),
  })
}

beforeEach(async () => {
  yard = await openYard()
  first = await yard.start('proxy', 0)
  const joinUrl = urlOf(first)
  second = await yard.start('proxy', 1, { joinUrl })
  targets = []
  for (let i = 0; i < 3; i++) targets.push(await yard.start('target', i, { joinUrl }))
  await Promise.all([first, second, ...targets].map(({ joined }) => joined))
})

afterEach(() => yard.close())

describe('maintenance', () => {
  it('takes a batch out of service in one change, and back; repeats change nothing', async () => {
    const sids = [...targets.slice(0, 2), second].map(idOf)
    const before = versionOf(first)
    expect((await act(second, 'start-maintenance', { sids, ...still })).status).toBe(200)
    expect(versionOf(first)).toBe(before + 1)
    for (const sid of sids) expect(flagsOf(first, sid)).toBe(maintenance)
    expect(await health(targets[0] as RunningNode)).toBe(200)
    expect(await health(targets[0] as RunningNode, '?readiness=true')).toBe(503)

    expect((await act(first, 'start-maintenance', { sids, ...still })).status).toBe(200)
    expect(versionOf(first)).toBe(before + 1)
    expect((await act(second, 'stop-maintenance', { sids, ...still })).status).toBe(200)
    expect(versionOf(first)).toBe(before + 2)
    expect((await act(first, 'stop-maintenance', { sids, ...still })).status).toBe(200)
    expect(versionOf(first)).toBe(before + 2)
    expect(await health(targets[0] as RunningNode, '?readiness=true')).toBe(200)
  })

  it('keeps a node in the map that is away, and takes it back when it is there', async () => {
    const [target] = targets
    if (!target) return
    const sid = idOf(target)
    await createBucket(first, 'b')
    for (let i = 0; i < 12; i++) await putObject(first, `b/o${i}`, `text ${i}`)
    expect((await act(first, 'shutdown-node', { sid, ...still })).status).toBe(200)
    expect(await target.gone).toMatchObject({ reason: 'shutdown-node', forget: false })
    expect(flagsOf(first, sid)).toBe(maintenance)
    const early = await act(first, 'stop-maintenance', { sid, ...still })
    expect(early.status).toBe(400)
    expect(await early.text()).toContain(`t[${sid}] is unreachable`)

    const again = await yard.start('target', 0, { joinUrl: urlOf(first) })
    await again.joined
    expect(flagsOf(first, sid)).toBe(maintenance)
    expect((await act(first, 'stop-maintenance', { sid, ...still })).status).toBe(200)
    for (let i = 0; i < 12; i++) expect(await getObject(first, `b/o${i}`)).toBe(`text ${i}`)
  })

  it('refuses what it cannot read', async () => {
    for (const [value, status, words] of [
      [null, 400, 'empty action-value'],
      [{}, 400, 'missing node IDs'],
      [{ sids: [] }, 400, 'missing node IDs'],
      [{ sid: 'a', sids: ['b'] }, 400, 'both sid \\"a\\" and sids [b]'],
      [{ sids: ['a', 'b', 'a'] }, 400, 'duplicated node ID \\"a\\"'],
      [{ sid: 'stranger' }, 404, 'node \\"stranger\\" does not exist'],
      [{ sid: 'a', force: true }, 400, '\\"force\\"'],
      [{ sid: 7 }, 400, '\\"sid\\"'],
    ] as const) {
      for (const action of ['start-maintenance', 'stop-maintenance', 'decommission-node']) {
        const reply = await act(second, action, value)
        expect(reply.status).toBe(status)
        expect(await reply.text()).toContain(words)
      }
    }
  })

  it('refuses the primary and the last target whose objects would have nowhere to go', async () => {
    const before = versionOf(first)
    const primary = await act(second, 'start-maintenance', { sid: idOf(first), ...still })
    expect(primary.status).toBe(400)
    expect(await primary.text()).toContain('is the current primary')
    const last = await act(first, 'decommission-node', { sids: targets.map(idOf) })
    expect(last.status).toBe(400)
    expect(await last.text()).toContain('skip_rebalance')
    expect(versionOf(first)).toBe(before)
  })
})

describe('leaving for good', () => {
  it('removes a node, its identity and, when asked, its objects', async () => {
    const [one, two] = targets
    if (!one || !two) return
    await createBucket(first, 'b')
    for (let i = 0; i < 12; i++) await putObject(first, `b/o${i}`, `text ${i}`)
    const remove = (sid: string, more: object) =>
      act(first, 'decommission-node', { sid, ...still, ...more })

    expect((await remove(idOf(one), { rm_user_data: true })).status).toBe(200)
    expect(flagsOf(first, idOf(one))).toBeUndefined()
    expect(await one.gone).toMatchObject({ forget: true, keepInitialConfig: false })
    expect(await readdir(join(yard.dir, 'target-1', 'conf'))).toEqual([])
    expect(await readdir(join(yard.dir, 'target-1', 'mp1'))).toEqual([])

    expect((await remove(idOf(two), { keep_initial_config: true })).status).toBe(200)
    expect(await two.gone).toMatchObject({ keepInitialConfig: true, removeUserData: false })
    const left = await readdir(join(yard.dir, 'target-2'), { recursive: true })
    expect(left.some((name) => name.includes('%ob/'))).toBe(true)

    const fresh = await yard.start('target', 0, { joinUrl: urlOf(first) })
    await fresh.joined
    expect(idOf(fresh)).not.toBe(idOf(one))
  })

  it('without its shutdown leaves the process out of the cluster until it is joined again', async () => {
    const [one] = targets
    if (!one) return
    const sid = idOf(one)
    const value = { sid, ...still, no_shutdown: true }
    expect((await act(first, 'decommission-node', value)).status).toBe(200)
    expect(flagsOf(first, sid)).toBeUndefined()
    expect(await health(one)).toBe(503)
    expect(await (await admit(urlOf(one), 'target')).json()).toEqual({
      daemon_id: sid,
      rebalance_id: '',
    })
    expect(flagsOf(first, sid)).toBe(0)
  })

  it('at once and unsafe keeps the node out until an administrator wants it', async () => {
    const sid = idOf(targets[0] as RunningNode)
    expect((await act(first, 'rm-unsafe', { sid })).status).toBe(400)
    expect((await act(first, 'rm-unsafe', { sid: idOf(first), ...still })).status).toBe(400)
    expect((await act(first, 'rm-unsafe', { sid, ...still })).status).toBe(200)
    expect(flagsOf(first, sid)).toBeUndefined()
    expect((await admit(urlOf(targets[0] as RunningNode), 'target')).status).toBe(200)
    expect(flagsOf(first, sid)).toBe(0)
  })
})

describe('a node that stands by', () => {
  it('is out of the map until it is taken in', async () => {
    const joinUrl = urlOf(first)
    const waiting = await yard.start('target', 7, { joinUrl, standby: true })
    expect(await health(waiting)).toBe(503)
    const wrong = await admit(urlOf(waiting), 'proxy')
    expect(wrong.status).toBe(400)
    expect(await wrong.text()).toContain('is not a proxy')
    expect(flagsOf(first, idOf(waiting))).toBeUndefined()
    const reply = await admit(urlOf(waiting), 'target')
    expect(await reply.json()).toEqual({ daemon_id: idOf(waiting), rebalance_id: '' })
    await waiting.joined
    expect(await health(waiting)).toBe(200)

    await yard.crash(waiting)
    const again = await yard.start('target', 7, { joinUrl, standby: true })
    await again.joined
    expect(flagsOf(first, idOf(again))).toBe(0)
  })

  it('as a gateway is taken in with or without the right to lead', async () => {
    const waiting = await yard.start('proxy', 7, { standby: true })
    expect((await admit(urlOf(waiting), 'proxy', '4')).status).toBe(400)
    expect((await admit(urlOf(waiting), 'proxy', '1')).status).toBe(200)
    await waiting.joined
    const flags = () => flagsOf(first, idOf(waiting))
    expect(flags()).toBe(snodeFlags.nonElectable)
    expect((await admit(urlOf(waiting), 'proxy')).status).toBe(200)
    expect((flags() ?? 1) & snodeFlags.nonElectable).toBe(0)
  })

  it('is refused with an address that is none, or nobody is at', async () => {
    expect((await admit('', 'target')).status).toBe(400)
    const silent = await admit('http://127.0.0.1:1', 'target')
    expect(silent.status).toBe(400)
    expect(await silent.text()).toContain('http://127.0.0.1:1')
  })
})

describe('the whole cluster', () => {
  it('shuts down on request and starts again as it was', async () => {
    const { uuid } = first.metadata.smap()
    expect((await act(second, 'shutdown', null)).status).toBe(200)
    await Promise.all([first, second, ...targets].map(({ gone }) => gone))
    const again = await yard.start('proxy', 0)
    const joinUrl = urlOf(again)
    const rest = [
      await yard.start('proxy', 1, { joinUrl }),
      await yard.start('target', 0, { joinUrl }),
      await yard.start('target', 1, { joinUrl }),
    ]
    await Promise.all([again, ...rest].map(({ joined }) => joined))
    expect(leads(again)).toBe(true)
    expect(again.metadata.smap().uuid).toBe(uuid)
  })

  it('is decommissioned on request: what starts there later is new', async () => {
    const { uuid } = first.metadata.smap()
    expect((await act(first, 'decommission', { rm_user_data: true })).status).toBe(200)
    await Promise.all([first, second, ...targets].map(({ gone }) => gone))
    const again = await yard.start('proxy', 0)
    await again.joined
    expect(again.metadata.smap().uuid).not.toBe(uuid)
    expect(idOf(again)).not.toBe(idOf(first))
  })
})

it('a node leaves the map on its own word, on the control network only', async () => {
  const sid = idOf(targets[0] as RunningNode)
  const path = `/v1/cluster/daemon/${sid}`
  expect((await fetch(`${urlOf(first)}${path}`, { method: 'DELETE' })).status).toBe(403)
  const control = second.snode.controlNet.url
  const before = versionOf(first)
  expect((await fetch(`${control}${path}`, { method: 'DELETE' })).status).toBe(200)
  await until(first, 'the map changes', () => versionOf(first) > before)
  const primary = `/v1/cluster/daemon/${idOf(first)}`
  expect((await fetch(`${control}${primary}`, { method: 'DELETE' })).status).toBe(400)
})
