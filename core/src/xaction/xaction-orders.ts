import { bckCname } from '../bucket/bck.ts'
import { parseBckUname } from '../bucket/names.ts'
import { isRebalancing, type Rmd, rebalanceId } from '../cluster/rmd.ts'
import { hasFeature } from '../config/features.ts'
import { AisError } from '../errors/ais-error.ts'
import type { NodeContext } from '../node/node-context.ts'
import { statedBucket } from '../target/stated-bucket.ts'
import type { TargetBucket, TargetNode } from '../target/target.ts'
import { type AboutJob, isAtWork, type XactionJob } from './xaction-job.ts'
import type { PreparedRun, RegisteredKind, XactionContext } from './xaction-kind.ts'
import type { XactionOrder } from './xaction-record.ts'

/** How an order is shown. */
export function aboutOrder(
  order: XactionOrder,
  kind: RegisteredKind | undefined,
  startedAt: number,
): AboutJob {
  const { id, targets, kind: kindName } = order
  const names = [order.bck, order.to].flatMap((one) => (one === undefined ? [] : [one.uname]))
  const detail = names.map((uname) => bckCname(parseBckUname(uname))).join('=>')
  const [bck, to] = [order.bck?.uname, order.to?.uname]
  return { id, kind, kindName, order, bck, to, targets, detail, startedAt }
}

/** Says whether a job could begin now. */
export interface OrderDesk {
  /** @throws AisError what is wrong with the order; `ErrBusy` something is in its way */
  prepare(order: XactionOrder, signal: AbortSignal): Promise<PreparedRun>
}

export interface OrderDeskParts extends Pick<NodeContext, 'metadata'> {
  readonly target: () => TargetNode
  readonly kinds: ReadonlyMap<string, RegisteredKind>
  readonly jobs: ReadonlyMap<string, XactionJob>
}

/** Jobs go on while objects move, at the administrator's risk. */
export function ignoresUnrest({ features }: { readonly features: bigint }): boolean {
  return hasFeature(features, 'Ignore-LimitedCoexistence-Conflicts')
}

/** Why objects are not at rest, and what to do; `undefined` when they are. */
export function unrestOf(
  rmd: Rmd,
  resilver: { readonly id: string; readonly endedAt?: number | undefined } | undefined,
): string | undefined {
  if (resilver !== undefined && resilver.endedAt === undefined) {
    return `resilver[${resilver.id}] is currently running, try again`
  }
  if (!isRebalancing(rmd)) return undefined
  const moving = `rebalance[${rebalanceId(rmd.version)}]`
  return rmd.aborted < rmd.version
    ? `${moving} is currently running, try again`
    : `${moving} was stopped before all objects were in place, start it again`
}

export function createOrderDesk(parts: OrderDeskParts): OrderDesk {
  const { metadata, kinds, jobs } = parts

  function checkRest({ traits }: RegisteredKind): void {
    if (!traits.needsRest || ignoresUnrest(metadata.config())) return
    const why = unrestOf(metadata.rmd(), parts.target().resilver.status())
    if (why !== undefined) throw new AisError('ErrBusy', `${traits.title}: ${why}`)
  }

  function checkAlone({ kind, traits }: RegisteredKind, { id, bck, to }: XactionOrder): void {
    if (!traits.exclusive) return
    for (const job of jobs.values()) {
      if (job.kindName !== kind || job.id === id || !isAtWork(job)) continue
      if (job.bck !== bck?.uname || job.to !== to?.uname) continue
      throw new AisError(
        'ErrBusy',
        `${traits.title}: ${kind}[${job.id}] is currently running, try again`,
      )
    }
  }

  async function prepare(order: XactionOrder, signal: AbortSignal): Promise<PreparedRun> {
    const target = parts.target()
    const kind = kinds.get(order.kind)
    if (kind === undefined) throw new AisError('ErrBadRequest', `no such kind: "${order.kind}"`)
    const bucketOf = async (named: XactionOrder['bck']): Promise<TargetBucket | undefined> =>
      named && statedBucket(target, parseBckUname(named.uname), named.bid)
    const bucket = await bucketOf(order.bck)
    const to = await bucketOf(order.to)
    if (bucket === undefined && kind.traits.scope === 'bucket') {
      throw new AisError('ErrBadRequest', `${kind.kind}: the bucket is missing (Bck)`)
    }
    checkRest(kind)
    checkAlone(kind, order)
    const about: XactionContext = { target, id: order.id, bucket, to, signal }
    return kind.prepare(order.args, about)
  }

  return { prepare }
}
