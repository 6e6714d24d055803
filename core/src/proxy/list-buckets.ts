import { findProvider, type Provider } from '../bucket/bck.ts'
import { listBuckets as bucketsOf } from '../bucket/bmd.ts'
import { isSystemBucket, parseNamespace } from '../bucket/names.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ApiCall } from '../node/api-call.ts'
import { jsonReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import type { ProxyNode } from './proxy.ts'

function providerOf(text: string | undefined): Provider | undefined {
  if (text === undefined || text === '') return undefined
  const provider = findProvider(text)
  if (provider) return provider
  throw new AisError(
    'ErrInvalidBackendProvider',
    `invalid backend provider "${text}": must be one of [ais aws gcp azure oci]`,
  )
}

/** Values of `presence` that ask for what the cluster has, and no remote one. @see AIStore apc.Flt* */
const presentOnly = new Set(['2', '3', '4'])

/** UUID in a query that stands for every attached cluster. @see AIStore cmn/bck.go NsAnyRemote */
const anyCluster = '@'

/**
 * The buckets of the BMD that pass the filters of the query, in order of provider, namespace and name.
 * @throws AisError `ErrNotFound` for a remote cluster that is not attached
 */
export function listBuckets(proxy: ProxyNode, api: ApiCall, name: string): Reply {
  const { query } = api.target
  const provider = providerOf(query.get('provider'))
  const namespace = query.get('namespace') ?? ''
  const wanted = namespace === '' ? undefined : parseNamespace(namespace)
  const beyondBmd = !presentOnly.has(query.get('presence') ?? '')
  if (wanted !== undefined && wanted.uuid !== '' && wanted.uuid !== anyCluster && beyondBmd) {
    throw new AisError('ErrNotFound', `remote cluster "${wanted.uuid}" does not exist`)
  }
  const system = query.bool('sys')
  const found = bucketsOf(proxy.metadata.bmd())
    .map(({ bck }) => bck)
    .filter((bck) => provider === undefined || bck.provider === provider)
    .filter((bck) => name === '' || bck.name === name)
    .filter((bck) => system || !isSystemBucket(bck.name))
    .filter((bck) => {
      if (wanted === undefined || (wanted.uuid === '' && wanted.name === '')) {
        return bck.namespace.uuid === ''
      }
      return bck.namespace.uuid === wanted.uuid && bck.namespace.name === wanted.name
    })
  return jsonReply(
    found.map((bck) => ({
      name: bck.name,
      provider: bck.provider,
      namespace: { uuid: bck.namespace.uuid, name: bck.namespace.name },
    })),
  )
}
