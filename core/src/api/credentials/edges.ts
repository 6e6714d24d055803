import { z } from 'zod'
import { toBase64 } from '../../algorithms/base64.ts'
import { withEdge, withoutEdge } from '../../cluster/credentials-changes.ts'
import {
  type EnrolledEdge,
  enrolledEdge,
  enrolledEdgeToJson,
  newEdgeShape,
} from '../../cluster/enrolled-edge.ts'
import { findNode } from '../../cluster/smap.ts'
import { edgeRoot } from '../../edge/edge-root.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import { strict } from '../../wire/strict.ts'

const newEdgeSchema = z.strictObject(newEdgeShape)

function edgeToJson(edge: EnrolledEdge): Record<string, unknown> {
  const { created_ms, ...json } = enrolledEdgeToJson(edge)
  return { ...json, created: new Date(edge.createdMs).toISOString() }
}

export function listEdges(proxy: ProxyNode): Record<string, unknown>[] {
  return [...proxy.metadata.credentials().edges.values()].map(edgeToJson)
}

/**
 * Enrols an edge gateway by its public key.
 * @returns the edge and the public key it checks the cluster's documents with
 * @throws AisError `ErrNotReady` no key-encryption key; `ErrAlreadyExists`
 */
export async function createEdge(
  proxy: ProxyNode,
  json: unknown,
): Promise<Record<string, unknown>> {
  const edge = enrolledEdge(strict(newEdgeSchema, json, 'edge'), proxy.platform.clock.now())
  if (findNode(proxy.metadata.smap(), edge.id) !== undefined) {
    throw new AisError('ErrAlreadyExists', `node "${edge.id}" is in the map`)
  }
  const { publicKey } = edgeRoot(proxy)
  await proxy.primary.updateCredentials((now) => withEdge(now, edge))
  return { ...edgeToJson(edge), root: toBase64(publicKey) }
}

/** The tags that it made count no longer. @throws AisError `ErrNotFound` */
export async function deleteEdge(proxy: ProxyNode, id: string): Promise<void> {
  await proxy.primary.updateCredentials((now) => withoutEdge(now, id))
}
