import type { Cluster } from '../harness/cluster.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'
import { runWrk } from '../harness/wrk.ts'

const sizeBytes = 4 * 1024

/** Names, each written again and again, but not within the seconds in which a small body may wait for its file. */
const names = 20_000

const connections = 64

async function subjectOf(name: string, cluster: Cluster): Promise<Subject> {
  const url = await cluster.targetUrl('PUT')
  const load = {
    method: 'PUT',
    url: url.replace('%NAME%', 'put-4k-disk-%NAME%'),
    names,
    bodyBytes: sizeBytes,
    connections,
  } as const
  return { name, measure: (seconds) => runWrk(load, seconds) }
}

async function ours(name: 'bun' | 'node', lab: Lab): Promise<Subject> {
  const cluster = await lab.diskCluster(name)
  await cluster.setTags(false)
  await cluster.setDurability('disk')
  return subjectOf(name, cluster)
}

/** Ours syncs before it answers, and writes the files out meanwhile; the original never syncs. All on one disk, a minute long. */
export const put4kDisk: Row = {
  name: 'put-4k-disk',
  question:
    'How many PUTs of 4 KiB does one core take on a disk, 64 at once: ours safe against power loss, the original not?',
  unit: 'requests/s',
  reference: 'original',
  goals: { bun: 1, node: 1 },
  needs: 'AISTORE_ORIGINAL_DISK',
  seconds: 60,
  warmsUp: true,
  async subjects(lab) {
    const original = await lab.diskOriginal()
    if (original === undefined) return []
    return [await subjectOf('original', original), await ours('bun', lab), await ours('node', lab)]
  },
}
