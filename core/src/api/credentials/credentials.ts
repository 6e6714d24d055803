import { utf8Decode } from '../../algorithms/utf8.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { checkAdmin } from '../../node/check-admin.ts'
import { endpoint, type PlainEndpoint } from '../../node/endpoint.ts'
import { emptyReply, jsonReply } from '../../node/replies.ts'
import type { HeaderLine, Reply } from '../../ports/call.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { parseJson } from '../../wire/json.ts'
import { createEdge, deleteEdge, listEdges } from './edges.ts'
import { createKey, deleteKey, listKeys, setKeyState } from './keys.ts'
import { createUser, deleteUser, listUsers, showUser } from './users.ts'

const noStore: HeaderLine = ['Cache-Control', 'no-store']

type Kind = 'users' | 'keys' | 'edges'

/** What a path names: `/v1/credentials/users[/ID]`, and `keys`, `edges` alike. */
function subjectOf(api: ApiCall): { kind: Kind; id: string | undefined } {
  const [kind, id, ...more] = api.items
  const isKnown = kind === 'users' || kind === 'keys' || kind === 'edges'
  if (isKnown && more.length === 0) return { kind, id }
  throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
}

function idOf(api: ApiCall, id: string | undefined): string {
  if (id !== undefined) return id
  throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}": ID is missing`)
}

type Change = (api: ApiCall, proxy: ProxyNode, json: unknown) => Promise<unknown>

/** A change is the primary's; its answer, which may hold a secret, is for nobody's cache. */
function changing(method: 'POST' | 'PATCH' | 'DELETE', change: Change): PlainEndpoint {
  return endpoint({
    resource: 'credentials',
    method,
    proxyNetworks: ['public', 'control'],
    async proxy(api, proxy): Promise<Reply> {
      checkAdmin(proxy)
      const text = utf8Decode(await readBody(api.call, limits.jsonBytesMax))
      if (!proxy.isPrimary()) {
        const reply = await forwardToPrimary(api, proxy, text === '' ? undefined : text)
        return { ...reply, headers: [...reply.headers, noStore] }
      }
      const json = method === 'DELETE' ? undefined : parseJson(text ?? '')
      const result = await change(api, proxy, json)
      return result === undefined ? emptyReply() : jsonReply(result, [noStore])
    },
  })
}

/** Users, access keys or edge gateways, all or one user. */
export const getCredentials = endpoint({
  resource: 'credentials',
  method: 'GET',
  proxy(api, proxy) {
    checkAdmin(proxy)
    const { kind, id } = subjectOf(api)
    if (kind !== 'users') {
      if (id !== undefined) {
        throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
      }
      if (kind === 'edges') return jsonReply(listEdges(proxy), [noStore])
      return jsonReply(listKeys(proxy, api.target.query.get('user')), [noStore])
    }
    return jsonReply(id === undefined ? listUsers(proxy) : showUser(proxy, id), [noStore])
  },
})

export const postCredentials = changing('POST', (api, proxy, json) => {
  const { kind, id } = subjectOf(api)
  if (id !== undefined) {
    throw new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)
  }
  if (kind === 'edges') return createEdge(proxy, json)
  return kind === 'users' ? createUser(proxy, json) : createKey(proxy, json)
})

/** Disables a key, or enables it again. */
export const patchCredentials = changing('PATCH', (api, proxy, json) => {
  const { kind, id } = subjectOf(api)
  if (kind !== 'keys') {
    throw new AisError(
      'ErrBadRequest',
      'a user or an edge cannot be changed: delete it and create it anew',
    )
  }
  return setKeyState(proxy, idOf(api, id), json)
})

export const deleteCredentials = changing('DELETE', (api, proxy) => {
  const { kind, id } = subjectOf(api)
  const named = idOf(api, id)
  if (kind === 'edges') return deleteEdge(proxy, named)
  return kind === 'users' ? deleteUser(proxy, named) : deleteKey(proxy, named)
})
