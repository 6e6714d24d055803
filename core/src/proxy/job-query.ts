import { activeTargets } from '../cluster/smap.ts'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'
import { type ApiCall, readBody } from '../node/api-call.ts'
import { jsonReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import { isJsonObject, parseJsonBytes } from '../wire/json.ts'
import type { ProxyNode } from './proxy.ts'

/** ID and kind of a job query; keys come in any case. */
async function parseQuery(api: ApiCall): Promise<{ id: string; kind: string }> {
  const bytes = await readBody(api.call, limits.jsonBytesMax)
  const json = bytes.length === 0 ? {} : parseJsonBytes(bytes)
  if (!isJsonObject(json)) throw new AisError('ErrBadRequest', 'job query: expected a JSON object')
  const fields = new Map(Object.entries(json).map(([key, value]) => [key.toLowerCase(), value]))
  const text = (name: string) => {
    const value = fields.get(name)
    return typeof value === 'string' ? value : ''
  }
  return { id: text('id'), kind: text('kind') }
}

/**
 * Job queries while no kind of job is registered: nothing runs, no target has jobs of any kind, and no ID is known.
 * @throws AisError `ErrBadRequest` neither ID nor kind, `ErrXactNotFound`
 */
export async function jobQuery(
  api: ApiCall,
  proxy: ProxyNode,
  what: 'status' | 'status_all' | 'qryxstats' | 'running_all',
): Promise<Reply> {
  const { id, kind } = await parseQuery(api)
  if (what === 'running_all') return jsonReply([])
  if (what === 'status_all') return jsonReply(null)
  if (what === 'status' && id === '' && kind === '') {
    throw new AisError('ErrBadRequest', 'job query: neither ID nor kind is given')
  }
  if (what === 'qryxstats' && id === '') {
    return jsonReply(
      new Map(activeTargets(proxy.metadata.smap()).map((node) => [node.daemonId, []])),
    )
  }
  throw new AisError('ErrXactNotFound', `xaction "${kind}[${id}]" not found`)
}
