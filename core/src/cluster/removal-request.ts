import { z } from 'zod'
import { AisError } from '../errors/ais-error.ts'
import { strict } from '../wire/strict.ts'

/** Ways out of service. `rm-unsafe` takes a node out of the map as it is. @see AIStore docs/lifecycle_node.md */
export type RemovalAction =
  | 'start-maintenance'
  | 'shutdown-node'
  | 'decommission-node'
  | 'rm-unsafe'

const removalActions: readonly string[] = [
  'start-maintenance',
  'shutdown-node',
  'decommission-node',
  'rm-unsafe',
] satisfies readonly RemovalAction[]

export function isRemovalAction(action: string): action is RemovalAction {
  return removalActions.includes(action)
}

/** A removal whose nodes wait for their objects to be elsewhere. */
export interface PendingRemoval {
  readonly action: RemovalAction
  readonly request: RemovalRequest
}

/** What an administrator wants with some nodes. @see AIStore api/apc/actmsg.go ActValRmNode */
export interface RemovalRequest {
  /** At least one, none twice. */
  readonly ids: readonly string[]
  /** Objects stay where they are: those of the nodes in question cannot be read until these come back. */
  readonly skipRebalance: boolean
  readonly rmUserData: boolean
  readonly keepInitialConfig: boolean
  readonly noShutdown: boolean
}

const flag = z.boolean().default(false)

const requestSchema = z.strictObject({
  sid: z.string().default(''),
  sids: z.array(z.string().min(1)).default([]),
  skip_rebalance: flag,
  rm_user_data: flag,
  keep_initial_config: flag,
  no_shutdown: flag,
})

function invalid(why: string): never {
  throw new AisError('ErrBadRequest', `invalid membership-change operation: ${why}`)
}

function readRequest(value: unknown): z.output<typeof requestSchema> {
  if (value === null || value === undefined) return invalid('empty action-value')
  return strict(requestSchema, value, 'membership-change operation')
}

function withoutIds(raw: z.output<typeof requestSchema>): Omit<RemovalRequest, 'ids'> {
  return {
    skipRebalance: raw.skip_rebalance,
    rmUserData: raw.rm_user_data,
    keepInitialConfig: raw.keep_initial_config,
    noShutdown: raw.no_shutdown,
  }
}

/** @throws AisError `ErrBadRequest` naming the field: exactly one of `sid` and `sids`, no duplicates */
export function parseRemoval(value: unknown): RemovalRequest {
  const raw = readRequest(value)
  if (raw.sid !== '' && raw.sids.length > 0) {
    return invalid(`cannot specify both sid "${raw.sid}" and sids [${raw.sids.join(' ')}]`)
  }
  const ids = raw.sid === '' ? raw.sids : [raw.sid]
  if (ids.length === 0) return invalid('missing node IDs (sid, sids)')
  const twice = ids.find((id, at) => ids.indexOf(id) !== at)
  if (twice !== undefined) {
    return invalid(`duplicated node ID "${twice}" in sids [${ids.join(' ')}]`)
  }
  return { ids, ...withoutIds(raw) }
}

/** The same for the whole cluster: nodes are not named. @throws AisError `ErrBadRequest` naming the field */
export function parseClusterRemoval(value: unknown): RemovalRequest {
  const raw = requestSchema.parse({})
  return { ids: [], ...withoutIds(value === null ? raw : readRequest(value)) }
}

/** Wire shape, for the nodes themselves. */
export function removalToJson(request: RemovalRequest): Record<string, unknown> {
  return {
    sids: request.ids,
    skip_rebalance: request.skipRebalance,
    rm_user_data: request.rmUserData,
    keep_initial_config: request.keepInitialConfig,
    no_shutdown: request.noShutdown,
  }
}

export const pendingRemovalSchema = z.object({ action: z.string(), request: requestSchema })

/** @throws AisError `ErrBadRequest` an action that is none */
export function pendingRemovalOf(raw: z.infer<typeof pendingRemovalSchema>): PendingRemoval {
  const { action, request } = raw
  if (!isRemovalAction(action)) return invalid(`action "${action}"`)
  return { action, request: { ids: request.sids, ...withoutIds(request) } }
}

export function pendingRemovalToJson({ action, request }: PendingRemoval): Record<string, unknown> {
  return { action, request: removalToJson(request) }
}
