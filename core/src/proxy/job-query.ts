import { z } from 'zod'
import { parseBckUname } from '../bucket/names.ts'
import { isRebalancing, rebalanceId } from '../cluster/rmd.ts'
import type { Snode } from '../cluster/snode.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { type ApiCall, readBody } from '../node/api-call.ts'
import { checkStatus } from '../node/node-answer.ts'
import { jsonReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { unameOfQuery } from '../wire/bck-message.ts'
import { isJsonObject, parseJsonBytes } from '../wire/json.ts'
import { isIdle, snapToJson, statusToJson, type XactionSnap } from '../wire/xaction.ts'
import { kindOfName } from '../wire/xaction-kinds.ts'
import { snapSchema } from '../xaction/xaction-record.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'

/** What a job query asks for; keys come in any case. */
interface JobQuery {
  readonly id: string
  readonly kind: string
  readonly node: string
  /** Canonical name of the bucket that they write to, or work on where that is all. @see AIStore xact/xreg/xreg.go Flt.Matches */
  readonly bck: string | undefined
  /** `true`: those at work, `false`: those that ended; absent: all. */
  readonly active: boolean | undefined
}

async function parseQuery(api: ApiCall): Promise<JobQuery> {
  const bytes = await readBody(api.call, limits.jsonBytesMax)
  const json = bytes.length === 0 ? {} : parseJsonBytes(bytes)
  if (!isJsonObject(json)) throw new AisError('ErrBadRequest', 'job query: expected a JSON object')
  const fields = new Map(Object.entries(json).map(([key, value]) => [key.toLowerCase(), value]))
  const text = (...names: string[]) => {
    const value = names.map((name) => fields.get(name)).find((field) => field !== undefined)
    return typeof value === 'string' ? value : ''
  }
  const active = fields.get('show_active') ?? fields.get('onlyrunning')
  return {
    id: text('id'),
    kind: kindOfName(text('kind')),
    bck: unameOfQuery(fields.get('bck')),
    node: text('node', 'daemonid'),
    active: typeof active === 'boolean' ? active : undefined,
  }
}

const snapsSchema = z.array(snapSchema)

const askTimeoutMs = 10_000

async function askTarget(proxy: ProxyNode, target: Snode): Promise<readonly XactionSnap[]> {
  const call = { method: 'GET', target: '/v1/xactions' }
  const bytes = await checkStatus(
    await proxy.transport.call(target, 'control', call, askTimeoutMs),
    limits.nameListBytesMax,
  )
  return snapsSchema.parse(parseJsonBytes(bytes))
}

function matches(snap: XactionSnap, query: JobQuery): boolean {
  // An ID says enough: the job that renames a bucket is a rebalance.
  if (query.id === '' ? query.kind !== '' && snap.kind !== query.kind : snap.id !== query.id) {
    return false
  }
  if (query.bck !== undefined && query.bck !== (snap.to ?? snap.bck)) return false
  return query.active !== true || snap.endedAt === undefined
}

/** What the targets tell. */
interface FoundSnaps {
  /** By target; one that cannot be asked has none. Any gateway finds the same. */
  readonly byTarget: ReadonlyMap<string, readonly XactionSnap[]>
  /** Targets that cannot be asked now: their part of a job is not known to have ended. */
  readonly silent: ReadonlySet<string>
}

async function findSnaps(proxy: ProxyNode, query: JobQuery): Promise<FoundSnaps> {
  const targets = [...proxy.metadata.smap().targets.values()].filter(
    ({ daemonId }) => query.node === '' || daemonId === query.node,
  )
  const answers = await Promise.allSettled(targets.map((target) => askTarget(proxy, target)))
  const byTarget = new Map<string, readonly XactionSnap[]>()
  const silent = new Set<string>()
  for (const [at, answer] of answers.entries()) {
    const id = targets[at]?.daemonId
    if (id === undefined) continue
    if (answer.status === 'rejected') silent.add(id)
    else {
      const snaps = answer.value.filter((snap) => matches(snap, query))
      byTarget.set(id, snaps)
    }
  }
  return { byTarget, silent }
}

/** Targets whose part of a job is lost: they left the cluster, or came back without it. */
function lostTargets(
  proxy: ProxyNode,
  { byTarget, silent }: FoundSnaps,
  { id, targets = [] }: XactionSnap,
): readonly string[] {
  const isKnown = (target: string) =>
    silent.has(target) || byTarget.get(target)?.some((snap) => snap.id === id)
  const { targets: members } = proxy.metadata.smap()
  return targets.filter((target) => !members.has(target) || !isKnown(target))
}

/** One status per job over all targets: it has ended when it has everywhere, a rebalance when that is on record. */
function statusesOf(proxy: ProxyNode, found: FoundSnaps, query: JobQuery): readonly JobStatus[] {
  const rmd = proxy.metadata.rmd()
  const jobs = new Map<string, XactionSnap[]>()
  for (const snap of [...found.byTarget.values()].flat()) {
    jobs.set(snap.id, [...(jobs.get(snap.id) ?? []), snap])
  }
  return [...jobs.values()].flatMap((snaps) => {
    const [first] = snaps
    if (first === undefined) return []
    const lost = query.node === '' ? lostTargets(proxy, found, first) : []
    const isOpen = (snap: XactionSnap) =>
      snap.endedAt === undefined ||
      (snap.id === rebalanceId(rmd.version) && isRebalancing(rmd) && !snap.aborted)
    const isSilent = (first.targets ?? []).some((target) => found.silent.has(target))
    const runs = snaps.some(isOpen) || isSilent
    const errors = new Set(snaps.flatMap(({ error }) => (error ? [error] : [])))
    for (const target of lost) errors.add(`t[${target}] is gone with its part`)
    return {
      id: first.id,
      kind: first.kind,
      startedAt: Math.min(...snaps.map(({ startedAt }) => startedAt)),
      endedAt: runs ? undefined : Math.max(...snaps.map(({ endedAt }) => endedAt ?? 0)),
      aborted: lost.length > 0 || snaps.some(({ aborted }) => aborted),
      error: [...errors].join('; '),
      idle: !isSilent && snaps.every((snap) => isIdle(snap) && !(isOpen(snap) && !snap.idle)),
    }
  })
}

interface JobStatus {
  readonly id: string
  readonly kind: string
  readonly startedAt: number
  readonly endedAt: number | undefined
  readonly aborted: boolean
  readonly error: string
  readonly idle: boolean
}

/**
 * What the cluster knows of its jobs. `status`: one job; `status_all`: all that match; `qryxstats`: their snaps by
 * target; `running_all`: `kind[id]` of those at work.
 * @throws AisError `ErrBadRequest` neither ID nor kind, `ErrXactNotFound`, `ErrBckNotFound`
 */
export async function jobQuery(
  api: ApiCall,
  proxy: ProxyNode,
  what: 'status' | 'status_all' | 'qryxstats' | 'running_all',
): Promise<Reply> {
  const query = await parseQuery(api)
  const { id, kind } = query
  if (what === 'status' && id === '' && kind === '') {
    throw new AisError('ErrBadRequest', 'job query: neither ID nor kind is given')
  }
  if (query.bck !== undefined) await proxyBucket(proxy, parseBckUname(query.bck))
  const found = await findSnaps(proxy, query)
  const { byTarget } = found
  const none = [...byTarget.values()].every((snaps) => snaps.length === 0)
  if (what === 'qryxstats') {
    if (none && id !== '')
      throw new AisError('ErrXactNotFound', `xaction "${kind}[${id}]" not found`)
    return jsonReply(
      new Map([...byTarget].map(([target, snaps]) => [target, snaps.map(snapToJson)])),
    )
  }
  const statuses = statusesOf(proxy, found, query)
  if (what === 'running_all') {
    const running = statuses.filter(({ endedAt }) => endedAt === undefined)
    return jsonReply(running.map((job) => `${job.kind}[${job.id}]`).sort())
  }
  if (what === 'status_all') return jsonReply(none ? null : statuses.map(statusToJson))
  const newest = statuses.toSorted((a, b) => a.startedAt - b.startedAt).at(-1)
  if (newest === undefined) {
    throw new AisError('ErrXactNotFound', `xaction "${kind}[${id}]" not found`)
  }
  return jsonReply(statusToJson(newest))
}
