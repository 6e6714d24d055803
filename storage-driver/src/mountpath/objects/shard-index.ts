import type { BucketRef, ShardIndex } from '@aistore-ts/core/ports/mountpath.ts'
import type { MountpathContext } from '../context.ts'

/** `Mountpath.shardIndex`: a bucket that is not here has none. */
export function findShardIndex(
  { buckets, catalog, gate }: MountpathContext,
  { bid }: BucketRef,
  name: string,
): ShardIndex | undefined {
  gate.check()
  const bucket = buckets.find(bid)
  return bucket && catalog.shardIndexes.find(bucket.bid, name)
}

/** `Mountpath.storeShardIndex`. */
export function storeShardIndex(
  { buckets, catalog, gate, journal }: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  index: ShardIndex,
): Promise<boolean> {
  gate.check()
  const bucket = buckets.get(bucketRef)
  return journal.submit({
    durability: 'process',
    frees: false,
    apply: () => {
      const row = catalog.objects.load(bucket.bid, name)
      if (row?.generation !== index.generation) return false
      catalog.shardIndexes.store(bucket.bid, name, index)
      return true
    },
  })
}

/** Forgets the indexes of what is not there any more, a few at a time. */
export async function sweepShardIndexes({
  catalog,
  files,
  journal,
  limits,
}: MountpathContext): Promise<void> {
  const apply = () => catalog.shardIndexes.sweep(limits.purgeRows)
  while ((await journal.submit({ durability: 'process', frees: true, apply })) > 0) {
    await new Promise<void>((resolve) => files.afterTurn(resolve))
  }
}
