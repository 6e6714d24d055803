import type { Election } from '@aistore-ts/core/cluster/election.ts'
import type { HandOver } from '@aistore-ts/core/cluster/hand-over.ts'
import type { Primary } from '@aistore-ts/core/cluster/primary.ts'
import type { NodeContext } from '@aistore-ts/core/node/node-context.ts'
import { createAskTarget } from '@aistore-ts/core/proxy/list-objects.ts'
import { createListSessions } from '@aistore-ts/core/proxy/list-sessions.ts'
import type { ProxyNode } from '@aistore-ts/core/proxy/proxy.ts'
import { createSummaryJobs } from '@aistore-ts/core/proxy/summary-jobs.ts'

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
  const { metadata, platform, transport } = context
  return {
    ...context,
    primary,
    election,
    handOver,
    isPrimary: () => metadata.smap().primaryId === context.self().daemonId,
    refreshMetadata: refresh,
    lists: createListSessions(
      platform.clock,
      () => metadata.config().lso.idle_time,
      createAskTarget(transport),
    ),
    summaries: createSummaryJobs(platform.random),
  }
}
