import { join } from 'node:path'
import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { decodeUint64 } from '@aistore-ts/storage-driver/catalog/encoding.ts'
import { bucket, type Cluster, startCluster } from './cluster.ts'
import { fillCatalog } from './grown-catalog.ts'
import type { Lab } from './lab.ts'

/**
 * A cluster of one target whose bucket has `objects` names on two mountpaths, one after the other in turn. There are
 * rows and no files: a listing touches none, and a million PUTs would take longer than all that is measured.
 */
export async function startGrownCluster(
  lab: Lab,
  runtime: 'bun' | 'node',
  objects: number,
  label = 'grown',
  nameOf = (number: number) => `prefix/key-${String(number).padStart(9, '0')}`,
): Promise<Cluster> {
  const dir = join(lab.dir, `${label}-${objects}-${runtime}`)
  const port = lab.port(8)
  const first = await startCluster(runtime, dir, port)
  await first.stop()
  const platform = await createPlatform()
  const mountpaths = ['mp1', 'mp2'] as const
  for (const [at, mountpath] of mountpaths.entries()) {
    const file = join(dir, 'target-1', mountpath, '.ais', 'catalog.db')
    const db = platform.sqlite?.(file)
    const bid = db?.prepare('SELECT bid FROM bucket WHERE name = ?').get(bucket)?.bid
    db?.close()
    if (!(bid instanceof Uint8Array)) throw new Error(`${file} does not know ${bucket}`)
    const count = Math.ceil((objects - at) / mountpaths.length)
    await fillCatalog(platform, file, decodeUint64(bid), count, (index) =>
      nameOf(index * mountpaths.length + at),
    )
  }
  return lab.own(startCluster(runtime, dir, port))
}
