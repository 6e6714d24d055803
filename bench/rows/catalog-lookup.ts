import { grownSubjects } from '../harness/grown-catalog.ts'
import type { Row } from '../harness/row.ts'

/** Lookups between two looks at the clock. */
const batch = 1_000

/** Up to 8,192 rows are kept in memory, which is all of 1k: flat means that 1m is as 100k. */
export const catalogLookup: Row = {
  name: 'catalog-lookup',
  question: 'How many random names a second does a mountpath find, of 1k, 100k and 1m objects?',
  unit: 'lookups/s',
  reference: '100k',
  goals: { '1m': 0.8 },
  warmsUp: true,
  subjects: (lab) =>
    grownSubjects(lab, async ({ bucket, nameOf, objects, open }, seconds) => {
      const mountpath = await open()
      const startedAt = performance.now()
      let lookups = 0
      while (performance.now() - startedAt < seconds * 1_000) {
        for (let i = 0; i < batch; i++) {
          const name = nameOf(Math.floor(Math.random() * objects))
          if (mountpath.load(bucket, name) === undefined) throw new Error(`${name} is missing`)
        }
        lookups += batch
      }
      const value = (lookups * 1_000) / (performance.now() - startedAt)
      await mountpath.close()
      return { value }
    }),
}
