import type { Election } from '../cluster/election.ts'
import type { HandOver } from '../cluster/hand-over.ts'
import { createNodeOperations } from '../cluster/node-operations.ts'
import type { Primary } from '../cluster/primary.ts'
import { createAskTarget } from '../proxy/list-objects.ts'
import { createListSessions } from '../proxy/list-sessions.ts'
import type { ProxyNode } from '../proxy/proxy.ts'
import { createSummaryJobs } from '../proxy/summary-jobs.ts'
import type { NodeContext } from './node-context.ts'

export interface ProxyParts {
  readonly context: NodeContext
  readonly primary: Primary
  readonly election: Election
  readonly handOver: HandOver
  refresh(): Promise<void>
}

/** Puts a gateway together. */
export function composeProxy({
  context,
  primary,
  election,
  handOver,
  refresh,
}: ProxyParts): ProxyNode {
  const { control, log, metadata, peers, platform, transport } = context
  return {
    ...context,
    primary,
    election,
    handOver,
    operations: createNodeOperations({ control, primary, peers, log }),
    isPrimary: () => metadata.smap().primaryId === context.self().daemonId,
    refreshMetadata: refresh,
    lists: createListSessions(
      platform.clock,
      () => metadata.config().lso.idle_time,
      createAskTarget(transport),
    ),
    summaries: createSummaryJobs(platform.random),
    shardSummaries: createSummaryJobs(platform.random),
  }
}
