import { toBase64 } from '../algorithms/base64.ts'
import { toBase36 } from '../algorithms/short-id.ts'
import { utf8Encode } from '../algorithms/utf8.ts'
import { isDefaultBck } from '../bucket/bck.ts'
import { listBuckets } from '../bucket/bmd.ts'
import type { EnrolledEdge } from '../cluster/enrolled-edge.ts'
import { activeProxies, activeTargets, type Smap } from '../cluster/smap.ts'
import { edgeMapAgeMaxMs } from '../config/edge-limits.ts'
import { accessAll } from '../node/access.ts'
import type { NodeContext } from '../node/node-context.ts'
import { type EdgeMap, edgeMapPurpose, edgeMapText, type SignedText } from './edge-map.ts'
import { edgeRoot } from './edge-root.ts'

function gatewaysOf(smap: Smap): readonly string[] {
  const all = activeProxies(smap)
  const isPrimary = ({ daemonId }: { readonly daemonId: string }) => daemonId === smap.primaryId
  const ordered = [...all.filter((proxy) => !isPrimary(proxy)), ...all.filter(isPrimary)]
  return ordered.map(({ publicNet }) => publicNet.url)
}

/** What of the metadata in force `edge` may know. */
export function edgeMapFor(node: NodeContext, edge: EnrolledEdge): EdgeMap {
  const { metadata, time } = node
  const smap = metadata.smap()
  const bmd = metadata.bmd()
  const issuedAtMs = Math.round(time.now())
  const targets = activeTargets(smap).flatMap(({ daemonId, publicNet, exchangeKey }) =>
    exchangeKey === undefined
      ? []
      : [{ id: daemonId, url: publicNet.url, key: toBase64(exchangeKey) }],
  )
  const isOpen = !metadata.config().auth.client_auth_required
  const open = listBuckets(bmd).filter(
    ({ bck, props }) =>
      isOpen &&
      isDefaultBck(bck) &&
      props.access === accessAll &&
      (edge.buckets.length === 0 || edge.buckets.includes(bck.name)),
  )
  return {
    clusterUuid: smap.uuid,
    edgeId: edge.id,
    access: edge.access,
    smapVersion: smap.version,
    bmdVersion: bmd.version,
    issuedAtMs,
    notAfterMs: issuedAtMs + edgeMapAgeMaxMs,
    targets,
    gateways: gatewaysOf(smap),
    buckets: new Map(open.map(({ bck, props }) => [bck.name, toBase36(props.bid)])),
  }
}

/** The map document of `edge`, as it stands now. @throws AisError `ErrNotReady` no key to sign with */
export function signedEdgeMap(node: NodeContext, edge: EnrolledEdge): SignedText {
  const text = edgeMapText(edgeMapFor(node, edge))
  const { privateKey } = edgeRoot(node)
  const signature = node.platform.crypto.ed25519Sign(privateKey, utf8Encode(edgeMapPurpose + text))
  return { text, signature: toBase64(signature) }
}
