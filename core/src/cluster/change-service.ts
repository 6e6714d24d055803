import { listBuckets } from '../bucket/bmd.ts'
import type { Documents } from './control/documents.ts'
import { staffIc } from './control/information-center.ts'
import { nextRebalance, rebalanceWith } from './plan-rebalance.ts'
import { markNodes } from './plan-removal.ts'
import type { RemovalAction, RemovalRequest } from './removal-request.ts'
import type { Rmd } from './rmd.ts'
import { findNode, type Smap, withoutNode } from './smap.ts'
import { isActive, snodeFlags } from './snode.ts'

const { maintenance, maintenancePostRebalance, decommission } = snodeFlags

/** What changes together, in one state, when nodes leave service or come back. */
export type ServiceChange = Pick<Documents, 'smap' | 'rmd'>

/** The map that follows `smap`, one version up; the same one when nothing changed. */
function nextMap(smap: Smap, changed: Smap): Smap {
  return changed === smap ? smap : { ...staffIc(changed), version: smap.version + 1 }
}

/** The RMD that moves objects off the nodes that leave; the same one when there is no object in the cluster. */
function rebalanceOff(now: Documents, smap: Smap): Rmd {
  const rmd = rebalanceWith(now, smap, [])
  if (rmd.version > now.rmd.version || listBuckets(now.bmd).length === 0) return rmd
  return nextRebalance(rmd, smap)
}

/**
 * The nodes of `request` own nothing from now on. With `rebalance`, their objects move, and what is to be done with
 * the nodes then is kept in the RMD: another primary can do it as well.
 */
export function beginRemoval(
  now: Documents,
  action: RemovalAction,
  request: RemovalRequest,
  rebalance: boolean,
): ServiceChange {
  const flags = action === 'decommission-node' ? decommission : maintenance
  const smap = nextMap(now.smap, markNodes(now.smap, request.ids, flags))
  const rmd = rebalance ? rebalanceOff(now, smap) : now.rmd
  const waits = rmd.version > now.rmd.version
  return { smap, rmd: waits ? { ...rmd, removal: { action, request } } : rmd }
}

/**
 * Whether a removal still waits for the rebalance `version`: it is off when its nodes were brought back meanwhile, and a later one
 * waits for its own rebalance.
 */
export function isRemovalOf({ rmd }: Documents, version: number): boolean {
  return rmd.removal !== undefined && rmd.version === version
}

/**
 * It is on record that the objects of the nodes `ids` are elsewhere, before a node is told to go: it may forget all it knew
 * before the map is without it, and asking again must not wait for it then. One that is back in service is passed over.
 */
export function markDrained({ smap }: Documents, ids: readonly string[]): Smap {
  const targets = ids.filter((id) => {
    const target = smap.targets.get(id)
    return target !== undefined && !isActive(target)
  })
  return nextMap(smap, markNodes(smap, targets, maintenancePostRebalance))
}

/**
 * The nodes of `request` are what they were to become: in maintenance, or out of the map. `drained`: their objects
 * are elsewhere. One that left the map by itself meanwhile is passed over.
 */
export function endRemoval(
  now: Documents,
  action: RemovalAction,
  { ids }: RemovalRequest,
  drained: boolean,
): ServiceChange {
  const { smap } = now
  const targets = ids.filter((id) => smap.targets.has(id))
  const rmd = now.rmd.removal === undefined ? now.rmd : { ...now.rmd, removal: undefined }
  if (action === 'start-maintenance' || action === 'shutdown-node') {
    return { smap: drained ? markDrained(now, targets) : smap, rmd }
  }
  const left = ids.reduce((map, id) => withoutNode(map, id), smap)
  const lost = action === 'rm-unsafe' ? targets.filter((id) => !rmd.absent.includes(id)) : []
  const absent = [...rmd.absent, ...lost]
  return { smap: nextMap(smap, left), rmd: lost.length === 0 ? rmd : { ...rmd, absent } }
}

/** The nodes of `request` own their share again. A removal that did not come to its end is off. */
export function endMaintenance(now: Documents, request: RemovalRequest): ServiceChange {
  const ids = request.ids.filter((id) => findNode(now.smap, id) !== undefined)
  const back = markNodes(now.smap, ids, 0, maintenance | maintenancePostRebalance)
  const smap = nextMap(now.smap, back)
  const rmd = request.skipRebalance ? now.rmd : rebalanceWith(now, smap, [])
  return { smap, rmd: rmd.removal === undefined ? rmd : { ...rmd, removal: undefined } }
}
