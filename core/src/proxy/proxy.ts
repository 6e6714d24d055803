import type { Bck } from '../bucket/bck.ts'
import { findBucket } from '../bucket/bmd.ts'
import type { BucketProps, PropsContext } from '../bucket/bucket-props.ts'
import { bucketNotFound } from '../bucket/names.ts'
import type { Election } from '../cluster/election.ts'
import type { HandOver } from '../cluster/hand-over.ts'
import type { NodeOperations } from '../cluster/node-operations.ts'
import type { Primary } from '../cluster/primary.ts'
import { activeTargets } from '../cluster/smap.ts'
import type { NodeContext } from '../node/node-context.ts'
import type { BucketSummary } from '../wire/bucket-summary.ts'
import type { ShardSummary } from '../wire/shard-summary.ts'
import type { ListSessions } from './list-sessions.ts'
import type { SummaryJobs } from './summary-jobs.ts'

/** A gateway. Holds no user data; the primary among them changes the cluster's metadata. */
export interface ProxyNode extends NodeContext {
  isPrimary(): boolean
  /** Changes and distributes metadata; only the primary may use it. */
  readonly primary: Primary
  readonly election: Election
  readonly handOver: HandOver
  readonly operations: NodeOperations
  readonly lists: ListSessions
  readonly summaries: SummaryJobs<readonly BucketSummary[]>
  readonly shardSummaries: SummaryJobs<ShardSummary>
  /** Asks the primary for newer metadata; resolves when applied, or when it cannot be had. */
  refreshMetadata(): Promise<void>
}

/**
 * The bucket's properties, after asking the primary when our BMD does not have it.
 * @throws AisError `ErrBckNotFound`
 */
export async function proxyBucket(proxy: ProxyNode, bck: Bck): Promise<BucketProps> {
  const found = findBucket(proxy.metadata.bmd(), bck)
  if (found) return found
  if (!proxy.isPrimary()) {
    await proxy.refreshMetadata()
    const again = findBucket(proxy.metadata.bmd(), bck)
    if (again) return again
  }
  throw bucketNotFound(bck)
}

/** What the rules of a bucket's properties depend on besides the bucket. */
export function propsContext(proxy: ProxyNode): PropsContext {
  return {
    config: proxy.settings.current(),
    targets: activeTargets(proxy.metadata.smap()).length,
  }
}
