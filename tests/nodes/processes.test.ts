import { existsSync } from 'node:fs'
import type { NodeProcess } from '@aistore-ts/node-daemon/launcher/node-process.ts'
import type { RunningNode } from '@aistore-ts/node-daemon/node/run-node.ts'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startTargetProcess } from './target-process.ts'
import { act, flagsOf, idOf, openYard, until, urlOf, type Yard } from './yard.ts'

let yard: Yard
let first: RunningNode
const processes: NodeProcess[] = []

beforeEach(async () => {
  yard = await openYard()
  first = await yard.start('proxy', 0)
  await first.joined
})

afterEach(async () => {
  for (const node of processes.splice(0)) {
    node.kill()
    await node.gone
  }
  await yard.close()
})

/** A target in a process of its own, ready; with its configuration files. */
async function startTarget(daemonId: string) {
  const started = await startTargetProcess(yard.dir, urlOf(first), daemonId)
  processes.push(started.node)
  return started
}

async function stateFlags(daemonId: string): Promise<number> {
  const reply = await fetch(`${urlOf(first)}/v1/reverse/daemon?what=node_status`, {
    headers: { 'Ais-Node-Id': daemonId },
  })
  const { cluster } = (await reply.json()) as { cluster: { flags: number } }
  return cluster.flags
}

const started = 2 | 4
const restarted = 128

it('a target that was killed says so when it is back; after a stop it does not', async () => {
  const id = 'target01'
  const one = await startTarget(id)
  expect(await stateFlags(id)).toBe(started)
  one.node.kill()
  await one.node.gone
  const two = await startTarget(id)
  expect(await stateFlags(id)).toBe(started | restarted)
  two.node.terminate()
  await two.node.gone
  await startTarget(id)
  expect(await stateFlags(id)).toBe(started)
})

it('a decommissioned process ends, and its configuration files with it', async () => {
  const id = 'target02'
  const { node, localFile, configFile } = await startTarget(id)
  const value = { sid: id, skip_rebalance: true }
  expect((await act(first, 'decommission-node', value)).status).toBe(200)
  await node.gone
  expect(node.lastWords()).toBe('')
  expect([existsSync(localFile), existsSync(configFile)]).toEqual([false, false])
  expect(flagsOf(first, id)).toBeUndefined()
})

it('a killed target leaves the map, and is back when it is started', async () => {
  const id = 'target03'
  const { node } = await startTarget(id)
  await until(first, 'it is in the map', () => flagsOf(first, id) === 0)
  node.kill()
  await node.gone
  await until(first, 'it is out', () => flagsOf(first, id) === undefined)
  await startTarget(id)
  expect(flagsOf(first, id)).toBe(0)
  expect(idOf(first)).toBe(first.metadata.smap().primaryId)
})
