import { bucket } from '../harness/cluster.ts'
import { startGrownCluster } from '../harness/grown-cluster.ts'
import type { Lab } from '../harness/lab.ts'
import { countKeys } from '../harness/list.ts'
import type { Row, Subject } from '../harness/row.ts'

const keys = 1_000_000

async function subject(lab: Lab, name: 'bun' | 'node'): Promise<Subject> {
  const { endpoint } = await startGrownCluster(lab, name, keys)
  return {
    name,
    async measure() {
      const startedAt = performance.now()
      const found = await countKeys(endpoint, bucket)
      if (found !== keys) throw new Error(`${name}: listed ${found} of ${keys} keys`)
      return { value: (keys * 1_000) / (performance.now() - startedAt) }
    },
  }
}

/** What the row is to reach, keys a second. */
const goal = 200_000

export const list1m: Row = {
  name: 'list-1m',
  question: 'How many keys a second does a client list of a million (msgpack, pages of 10,000)?',
  unit: 'keys/s',
  reference: 'goal',
  goals: { bun: 1, node: 1 },
  async subjects(lab: Lab) {
    return [
      { name: 'goal', measure: () => Promise.resolve({ value: goal }) },
      await subject(lab, 'bun'),
      await subject(lab, 'node'),
    ]
  },
}
