import type { Cluster } from '../harness/cluster.ts'
import type { Lab } from '../harness/lab.ts'
import { countKeys, fillBucket } from '../harness/list.ts'
import type { Row, Subject } from '../harness/row.ts'

const keys = 100_000

/** Name of the bucket with the keys. */
const listed = 'bench-list'

async function subject(name: string, cluster: Cluster): Promise<Subject> {
  await fillBucket(cluster, listed, keys)
  return {
    name,
    async measure() {
      const startedAt = performance.now()
      const found = await countKeys(cluster.endpoint, listed)
      if (found !== keys) throw new Error(`${name}: listed ${found} of ${keys} keys`)
      return { value: (keys * 1_000) / (performance.now() - startedAt) }
    },
  }
}

/** The original's own measured rate counts as 1 where it does not run: there is no nginx for this. */
export const list100k: Row = {
  name: 'list-100k',
  question:
    'How many keys a second does a client list through the gateway (msgpack, pages of 10,000)?',
  unit: 'keys/s',
  reference: 'goal',
  goals: { bun: 1, node: 1 },
  async subjects(lab: Lab) {
    const [bun, node] = [await lab.cluster('bun'), await lab.cluster('node')]
    // One redirect serves for all names of the filling.
    for (const cluster of [bun, node]) await cluster.setTags(false)
    const subjects: Subject[] = [
      // 200,000 keys a second is what the row is to reach.
      { name: 'goal', measure: () => Promise.resolve({ value: 200_000 }) },
      await subject('bun', bun),
      await subject('node', node),
    ]
    const original = await lab.original()
    if (original !== undefined) subjects.push(await subject('original', original))
    return subjects
  },
}
