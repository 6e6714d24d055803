import { z } from 'zod'
import { isRebalancing, rebalanceId } from '../cluster/rmd.ts'
import type { Snode } from '../cluster/snode.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { type ApiCall, readBody } from '../node/api-call.ts'
import { checkStatus } from '../node/node-answer.ts'
import { jsonReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { isJsonObject, parseJsonBytes } from '../wire/json.ts'
import { snapToJson, statusToJson, type XactionSnap } from '../wire/xaction.ts'
import type { ProxyNode } from './proxy.ts'

/** What a job query asks for; keys come in any case. */
interface JobQuery {
  readonly id: string
  readonly kind: string
  readonly node: string
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
    kind: text('kind'),
    node: text('node', 'daemonid'),
    active: typeof active === 'boolean' ? active : undefined,
  }
}

const snapsSchema = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    startedAt: z.number(),
    endedAt: z.number().optional(),
    aborted: z.boolean(),
    stats: z.object({
      localObjects: z.number(),
      localBytes: z.number(),
      outObjects: z.number(),
      outBytes: z.number(),
      inObjects: z.number(),
      inBytes: z.number(),
    }),
  }),
)

const askTimeoutMs = 10_000

async function askTarget(proxy: ProxyNode, target: Snode): Promise<readonly XactionSnap[]> {
  const call = { method: 'GET', target: '/v1/xactions' }
  const bytes = await checkStatus(await proxy.transport.call(target, 'control', call, askTimeoutMs))
  return snapsSchema
    .parse(parseJsonBytes(bytes))
    .map((snap) => ({ ...snap, endedAt: snap.endedAt }))
}

function matches(snap: XactionSnap, query: JobQuery): boolean {
  // An ID says enough: the job that renames a bucket is a rebalance.
  if (query.id === '' ? query.kind !== '' && snap.kind !== query.kind : snap.id !== query.id) {
    return false
  }
  return query.active === undefined || query.active === (snap.endedAt === undefined)
}

/** The jobs that match, by target; one that cannot be asked has none. Any gateway finds the same. */
async function findSnaps(
  proxy: ProxyNode,
  query: JobQuery,
): Promise<Map<string, readonly XactionSnap[]>> {
  const targets = [...proxy.metadata.smap().targets.values()].filter(
    ({ daemonId }) => query.node === '' || daemonId === query.node,
  )
  const answers = await Promise.allSettled(targets.map((target) => askTarget(proxy, target)))
  const found = new Map<string, readonly XactionSnap[]>()
  for (const [at, answer] of answers.entries()) {
    const id = targets[at]?.daemonId
    if (id === undefined || answer.status === 'rejected') continue
    found.set(
      id,
      answer.value.filter((snap) => matches(snap, query)),
    )
  }
  return found
}

interface JobStatus {
  readonly id: string
  readonly kind: string
  readonly endedAt: number | undefined
  readonly aborted: boolean
}

/** One status per job over all targets: it has ended when it has everywhere, a rebalance when that is on record. */
function statusesOf(proxy: ProxyNode, byTarget: ReadonlyMap<string, readonly XactionSnap[]>) {
  const rmd = proxy.metadata.rmd()
  const jobs = new Map<string, JobStatus>()
  for (const snap of [...byTarget.values()].flat()) {
    const known = jobs.get(snap.id)
    const open = snap.id === rebalanceId(rmd.version) && isRebalancing(rmd) && !snap.aborted
    const endedAt = open ? undefined : snap.endedAt
    const running = endedAt === undefined || (known !== undefined && known.endedAt === undefined)
    jobs.set(snap.id, {
      id: snap.id,
      kind: snap.kind,
      endedAt: running ? undefined : Math.max(endedAt, known?.endedAt ?? 0),
      aborted: snap.aborted || (known?.aborted ?? false),
    })
  }
  return [...jobs.values()]
}

/**
 * What the cluster knows of its jobs. `status`: one job; `status_all`: all that match; `qryxstats`: their snaps by
 * target; `running_all`: `kind[id]` of those at work.
 * @throws AisError `ErrBadRequest` neither ID nor kind, `ErrXactNotFound`
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
  const byTarget = await findSnaps(proxy, query)
  const none = [...byTarget.values()].every((snaps) => snaps.length === 0)
  if (what === 'qryxstats') {
    if (none && id !== '')
      throw new AisError('ErrXactNotFound', `xaction "${kind}[${id}]" not found`)
    return jsonReply(
      new Map([...byTarget].map(([target, snaps]) => [target, snaps.map(snapToJson)])),
    )
  }
  const statuses = statusesOf(proxy, byTarget)
  if (what === 'running_all') {
    const running = statuses.filter(({ endedAt }) => endedAt === undefined)
    return jsonReply(running.map((job) => `${job.kind}[${job.id}]`).sort())
  }
  if (what === 'status_all') return jsonReply(none ? null : statuses.map(statusToJson))
  const newest = statuses.at(-1)
  if (newest === undefined) {
    throw new AisError('ErrXactNotFound', `xaction "${kind}[${id}]" not found`)
  }
  return jsonReply(statusToJson(newest))
}
