import {
  type BatchObjects,
  type BatchWay,
  fillBatch,
  findPython,
  pythonVariable,
  runBatch,
} from '../harness/batch-load.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'

const kib = 1_024

/** Sizes of the objects, and how many times as fast as GETs a batch of them is to be. */
const sizes = [
  { label: '10k', sizeBytes: 10 * kib, goal: 8 },
  { label: '100k', sizeBytes: 100 * kib, goal: 6 },
] as const

type Size = (typeof sizes)[number]
type Server = 'original' | 'bun' | 'node'

const servers: readonly Server[] = ['original', 'bun', 'node']

/** Long enough for a pass of GETs, and a dozen of batches. */
const seconds = 2

const filled = new Map<string, Promise<BatchObjects>>()

/** The objects at one of the servers, put there once; none where the original is not named. */
async function objectsAt(
  lab: Lab,
  python: string,
  server: Server,
  size: Size,
): Promise<BatchObjects | undefined> {
  const cluster = await (server === 'original' ? lab.wideOriginal() : lab.wideCluster(server))
  if (cluster === undefined) return undefined
  if (server !== 'original') await cluster.setTags(true)
  const key = `${server} ${size.label}`
  const found = filled.get(key)
  if (found !== undefined) return found
  const filling = fillBatch(python, {
    cluster,
    prefix: `batch-${size.label}-`,
    sizeBytes: size.sizeBytes,
  })
  filled.set(key, filling)
  return filling
}

function subject(name: string, python: string, objects: BatchObjects, way: BatchWay): Subject {
  return { name, measure: (seconds) => runBatch(python, objects, way, seconds) }
}

/** Batches of all servers beside each other. */
function batchRow(size: Size): Row {
  return {
    name: `get-batch-${size.label}`,
    question: `How many objects of ${size.label} does the Python SDK get in batches of 1,000, 3 targets?`,
    unit: 'objects/s',
    reference: 'original',
    goals: { bun: 1, node: 1 },
    needs: `${pythonVariable} and AISTORE_ORIGINAL_CLUSTER`,
    seconds,
    warmsUp: true,
    async subjects(lab) {
      const python = findPython()
      if (python === undefined) return []
      const all = await Promise.all(servers.map((server) => objectsAt(lab, python, server, size)))
      if (all[0] === undefined) return []
      return all.flatMap((objects, at) =>
        objects === undefined ? [] : [subject(servers[at] ?? '', python, objects, 'batch')],
      )
    },
  }
}

const ways: readonly BatchWay[] = ['gets', 'batch', 'sdk-1', 'sdk-16']

/** A batch beside GETs of the same objects, at one server. */
function waysRow(size: Size, server: Server): Row {
  return {
    name: `get-batch-${size.label}-${server}`,
    question: `A batch of 1,000 objects of ${size.label} and a GET for each, by the Python SDK, and GETs by ours, 1 and 16 in flight: ${server}, 3 targets?`,
    unit: 'objects/s',
    reference: 'gets',
    goals: server === 'original' ? {} : { batch: size.goal },
    needs:
      server === 'original' ? `${pythonVariable} and AISTORE_ORIGINAL_CLUSTER` : pythonVariable,
    seconds,
    warmsUp: true,
    async subjects(lab) {
      const python = findPython()
      if (python === undefined) return []
      const objects = await objectsAt(lab, python, server, size)
      if (objects === undefined) return []
      return ways.map((way) => subject(way, python, objects, way))
    },
  }
}

export const getBatch: readonly Row[] = sizes.flatMap((size) => [
  batchRow(size),
  ...servers.map((server) => waysRow(size, server)),
])
