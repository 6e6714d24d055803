import { addShardParts, noShards, type ShardSummary } from '../../wire/shard-summary.ts'
import { afterTurn } from '../list-cursor.ts'
import { listPage } from '../list-page.ts'
import { findObject, placeObject, type TargetBucket, type TargetNode } from '../target.ts'
import { indexState } from './shard-index.ts'

/** Names looked at in a turn. */
const pageNames = 500

function summarizeOne(target: TargetNode, bucket: TargetBucket, name: string): ShardSummary {
  const place = placeObject(target, bucket, name)
  const found = findObject(target, place)
  if (found === undefined) return noShards
  const { sizeBytes } = found.meta
  const { state, files } = indexState(target, place, found.meta)
  const isValid = state === 'valid'
  return {
    tars: 1,
    tarBytes: sizeBytes,
    indexed: isValid ? 1 : 0,
    indexedBytes: isValid ? sizeBytes : 0,
    files,
    stale: state === 'stale' ? 1 : 0,
    invalid: state === 'invalid' ? 1 : 0,
  }
}

/** The TAR shards of this target under a prefix, and how far they have indexes. */
export async function summarizeShards(
  target: TargetNode,
  bucket: TargetBucket,
  prefix: string,
): Promise<ShardSummary> {
  const props = new Set(['name'])
  const query = { prefix, limit: pageNames, recursive: true, dirs: false, props, timeFormat: '' }
  let sum = noShards
  for (let after = ''; ; ) {
    const page = await listPage(target, bucket, { ...query, after })
    const tars = page.entries.filter(({ name }) => name.endsWith('.tar'))
    sum = addShardParts([sum, ...tars.map(({ name }) => summarizeOne(target, bucket, name))])
    const last = page.entries.at(-1)
    if (page.end || last === undefined) return sum
    after = last.name
    await afterTurn(target)
  }
}
