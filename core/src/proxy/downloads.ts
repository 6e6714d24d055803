import { activeTargets } from '../cluster/smap.ts'
import { limits } from '../config/limits.ts'
import { AisError, isAisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import {
  addDownloadStatuses,
  addDownloads,
  type DownloadJob,
  type DownloadStatus,
  downloadJobSchema,
  downloadStatusSchema,
  isDownloadOver,
} from '../wire/download.ts'
import { parseJsonBytes, stringifyJson } from '../wire/json.ts'
import type { ProxyNode } from './proxy.ts'

const askTimeoutMs = 20_000

/** Which downloads are meant. */
export interface DownloadQuery {
  readonly id: string
  readonly regex: string
  readonly only_active_tasks: boolean
}

/** What the targets answer; those that know nothing of the download are left out. */
async function askAll(
  proxy: ProxyNode,
  method: 'GET' | 'DELETE',
  path: string,
  query: DownloadQuery,
): Promise<readonly Uint8Array[]> {
  const targets = activeTargets(proxy.metadata.smap())
  if (targets.length === 0) throw new AisError('ErrNoNodes', 'no targets to ask for downloads')
  const call = { method, target: path, body: stringifyJson(query) }
  const answers = await Promise.all(
    targets.map(async (target) => {
      try {
        const answer = await proxy.transport.call(target, 'control', call, askTimeoutMs)
        return await checkStatus(answer, limits.nameListBytesMax)
      } catch (error) {
        if (isAisError(error) && error.status === 404) return undefined
        throw error
      }
    }),
  )
  const known = answers.filter((answer) => answer !== undefined)
  if (known.length > 0) return known
  throw new AisError('ErrNotFound', `download job "${query.id}" does not exist`)
}

/** One download over all targets. @throws AisError `ErrNotFound` */
export async function downloadStatus(
  proxy: ProxyNode,
  query: DownloadQuery,
): Promise<DownloadStatus> {
  const parts = await askAll(proxy, 'GET', '/v1/download', query)
  return parts
    .map((bytes) => downloadStatusSchema.parse(parseJsonBytes(bytes)))
    .reduce(addDownloadStatuses)
}

/** All downloads that are meant, the oldest first. */
export async function listDownloads(
  proxy: ProxyNode,
  query: DownloadQuery,
): Promise<readonly DownloadJob[]> {
  const jobs = new Map<string, DownloadJob>()
  for (const bytes of await askAll(proxy, 'GET', '/v1/download', query)) {
    for (const part of downloadJobSchema.array().parse(parseJsonBytes(bytes))) {
      const known = jobs.get(part.id)
      jobs.set(part.id, known === undefined ? part : addDownloads(known, part))
    }
  }
  const startOf = ({ started_time }: DownloadJob) => Date.parse(started_time)
  return [...jobs.values()].sort((a, b) => startOf(a) - startOf(b))
}

/**
 * One that is to be removed must be over everywhere first: a target whose part has ended would forget it at once, and
 * with it what came there.
 * @throws AisError `ErrNotFound`; `ErrBadRequest` one to remove is not over
 */
export async function changeDownload(
  proxy: ProxyNode,
  what: 'abort' | 'remove',
  query: DownloadQuery,
): Promise<void> {
  if (what === 'remove' && !isDownloadOver(await downloadStatus(proxy, query))) {
    throw new AisError('ErrBadRequest', `download job "${query.id}" is still running`)
  }
  await askAll(proxy, 'DELETE', `/v1/download/${what}`, query)
}
