import { z } from 'zod'
import { hrwTarget } from '../../cluster/hrw.ts'
import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply, jsonReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import { knownRows } from '../../target/known-rows.ts'
import { encodeMoved, readMoved } from '../../target/rebalance/moved-object.ts'
import {
  newestStamp,
  placeOfMoved,
  takeIn,
  takeTombstone,
  unameOf,
} from '../../target/rebalance/take-in.ts'
import type { TargetNode } from '../../target/target.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'

const namedSchema = z.strictObject({ bucket: z.string(), bid: z.string(), name: z.string() })

const tombstonesSchema = z.strictObject({
  rebalance: z.int().nonnegative(),
  bucket: z.string(),
  bid: z.string(),
  tombstones: z.array(
    z.strictObject({ name: z.string(), generation: z.string().regex(/^[0-9a-f]{32}$/) }),
  ),
})

/** Late words of an older rebalance are refused; of a newer one than we know: its map is asked for first. */
async function checkRebalance(target: TargetNode, rebalance: number): Promise<void> {
  if (rebalance > target.metadata.rmd().version) await target.refreshMetadata()
  const { version } = target.metadata.rmd()
  if (rebalance === version) return
  if (rebalance > version)
    throw new AisError('ErrNotReady', `rebalance g${rebalance} is not known yet`)
  throw new AisError('ErrGone', `rebalance g${rebalance} is over: the newest is g${version}`)
}

/** @throws AisError `ErrBusy` when the name is another's */
function checkOwner(target: TargetNode, uname: string): void {
  const owner = hrwTarget(target.metadata.smap(), uname)
  if (owner.daemonId === target.self().daemonId) return
  throw new AisError('ErrBusy', `${uname} belongs to target ${owner.daemonId}`)
}

async function receive(api: ApiCall, target: TargetNode): Promise<Reply> {
  const reader = await readMoved(api.call.body)
  const { object } = reader
  await checkRebalance(target, object.rebalance)
  checkOwner(target, unameOf(object.bucket, object.meta.name))
  if (await takeIn(target, reader)) target.rebalancer.countIn(object.meta.sizeBytes)
  return emptyReply()
}

async function receiveTombstones(api: ApiCall, target: TargetNode): Promise<Reply> {
  const json = parseJsonBytes(await readBody(api.call, limits.metadataBytesMax))
  const { rebalance, tombstones, ...bucket } = strict(tombstonesSchema, json, 'tombstones')
  await checkRebalance(target, rebalance)
  for (const { name, generation } of tombstones) {
    const place = await placeOfMoved(target, bucket, name)
    checkOwner(target, place.uname)
    await takeTombstone(target, place, generation)
  }
  return emptyReply()
}

async function give(api: ApiCall, target: TargetNode): Promise<Reply> {
  const json = parseJsonBytes(await readBody(api.call, limits.jsonBytesMax))
  const { name, ...bucket } = strict(namedSchema, json, 'name')
  const place = await placeOfMoved(target, bucket, name)
  if (api.items[0] === 'rows') return jsonReply({ rows: knownRows(target.mountpaths(), place) })
  const stamp = newestStamp(target, place)
  if (api.items[0] === 'stamp') {
    const known = stamp && { generation: stamp.generation, deleted: stamp.deleted }
    return jsonReply({ stamp: known ?? null })
  }
  if (stamp === undefined || stamp.deleted) {
    throw new AisError('ErrNotFound', `${place.uname} is not here`)
  }
  const open = await stamp.mountpath.open(place.bucket, name)
  const { version } = target.metadata.rmd()
  const { chunks, lengthBytes } = encodeMoved(
    { rebalance: version, ...bucket, meta: open.meta },
    open,
  )
  return {
    status: 200,
    headers: [['Content-Type', 'application/octet-stream']],
    body: { kind: 'stream', chunks, lengthBytes },
    onEnd: () => open.close(),
  }
}

const asked: ReadonlySet<string> = new Set(['stamp', 'rows', 'object'])

const wrongPath = (api: ApiCall) =>
  new AisError('ErrBadRequest', `invalid URL path "${api.target.path}"`)

/** PUT `/v1/objstream/object`, `/tombstones`: what another target had, and this one owns. Answers when it is durable. */
export const putObjstream = endpoint({
  resource: 'objstream',
  method: 'PUT',
  targetNetworks: ['data'],
  target(api, target) {
    if (api.items.length === 1 && api.items[0] === 'object') return receive(api, target)
    if (api.items.length === 1 && api.items[0] === 'tombstones')
      return receiveTombstones(api, target)
    throw wrongPath(api)
  },
})

/**
 * POST `/v1/objstream/stamp`: what is known here of a name. `/rows`: of all rows of a key. `/object`: the object with its
 * row.
 */
export const postObjstream = endpoint({
  resource: 'objstream',
  method: 'POST',
  targetNetworks: ['data'],
  target(api, target) {
    const [verb = ''] = api.items
    if (api.items.length === 1 && asked.has(verb)) return give(api, target)
    throw wrongPath(api)
  },
})
