import { expect, it } from 'vitest'
import { defaultClusterConfig } from '../../config/cluster-config.ts'
import type { DocumentStore } from '../../ports/document-store.ts'
import { blankState, stateToJson } from './cluster-state.ts'
import { createSaveStep, loadKept } from './control-store.ts'
import { follower, mapOf, stateOf } from './testing/states.ts'

function memoryStore(): DocumentStore & { readonly saved: string[] } {
  const documents = new Map<string, string>()
  const saved: string[] = []
  return {
    saved,
    load: async (name) => documents.get(name),
    async save(name, text) {
      saved.push(name)
      documents.set(name, text)
    },
    async remove(name) {
      documents.delete(name)
    },
  }
}

const blank = blankState(defaultClusterConfig())
const never = { ...follower('t1', blank), term: 0 }
const first = stateOf(3, 7, mapOf('p1 p2 t1'))
const second = stateOf(4, 8, mapOf('p1 p2 t1 t2', 'p2'))

it('finds nothing at a node that never was in a cluster', async () => {
  expect(await loadKept(memoryStore(), blank)).toBeUndefined()
})

it('keeps vote, what is held and what is in force, in this order, and nothing that did not change', async () => {
  const store = memoryStore()
  const save = createSaveStep(store)
  const now = { ...follower('t1', first), term: 4, votedFor: 'p2', pending: second }
  await save(never, now)
  expect(store.saved).toEqual(['.ais.vote', '.ais.pending', '.ais.state'])
  await save(now, { ...now, primaryHeardAt: 99 })
  expect(store.saved).toHaveLength(3)
  const kept = await loadKept(store, blank)
  expect(kept).toMatchObject({ term: 4, votedFor: 'p2' })
  expect(kept && stateToJson(kept.committed)).toEqual(stateToJson(first))
  expect(kept?.pending && stateToJson(kept.pending)).toEqual(stateToJson(second))
})

it('goes by the newest state when the vote is older, and has its vote of that term back', async () => {
  const store = memoryStore()
  await createSaveStep(store)(never, { ...follower('t1', first), term: 2, votedFor: 'p1' })
  const pending = { ...follower('t1', first), term: 2, votedFor: 'p1', pending: second }
  await createSaveStep(store)({ ...pending, pending: undefined }, pending)
  expect(await loadKept(store, blank)).toMatchObject({ term: 4, votedFor: '' })
})

it('takes nothing into force for a node that was only asked to hold a state', async () => {
  const store = memoryStore()
  await createSaveStep(store)(never, { ...never, term: 4, pending: second })
  const kept = await loadKept(store, blank)
  expect(kept?.committed).toBe(blank)
  expect(kept?.pending?.stamp).toEqual({ term: 4, index: 8 })
})
