import { blankState } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import {
  type ControlPlane,
  createControlPlane,
} from '@aistore-ts/core/cluster/control/control-plane.ts'
import { resume } from '@aistore-ts/core/cluster/control/control-state.ts'
import { loadKept } from '@aistore-ts/core/cluster/control/control-store.ts'
import { mountpathsOf } from '@aistore-ts/core/config/local-config.ts'
import { type NodeConfig, openNodeConfig } from '@aistore-ts/core/config/node-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import { type ExchangeKeys, openExchangeKeys } from '@aistore-ts/core/redirect/exchange-key.ts'
import { disown, readOwners } from '../files/disk-owner.ts'
import { clearDocuments, openDocumentStore } from '../files/document-store.ts'
import { nodeIdentity } from './identity.ts'
import type { NodeOptions } from './node-options.ts'
import { type RunMarker, setRunMarker } from './run-marker.ts'

/** What a node knows from its earlier runs. */
export interface NodeState {
  readonly store: DocumentStore
  readonly daemonId: string
  readonly control: ControlPlane
  readonly settings: NodeConfig
  readonly exchangeKeys: ExchangeKeys
  /** It never was in a cluster, as far as its folder knows. */
  readonly fresh: boolean
  /** Cluster that its disks belong to; empty: none, or there are no disks. */
  readonly diskCluster: string
  /** A target's. */
  readonly marker: RunMarker | undefined
  /** Forgets it all, so that the next start is that of a new node. With `open` disks nothing but their owner goes. */
  forget(userData: boolean, open: boolean): Promise<void>
}

/** @throws AisError `ErrBadRequest` when ID, folder and disks do not belong together */
export async function openNodeState(options: NodeOptions, log: Log): Promise<NodeState> {
  const { platform, local, role, config, overrides } = options
  const { clock, random } = platform
  const paths = role === 'target' ? [...mountpathsOf(local).keys()] : []
  const owners = await readOwners(paths, log)
  const store = await openDocumentStore(local.confdir, log)
  const daemonId = await nodeIdentity({ store, random, log, wanted: options.daemonId, owners })
  const blank = blankState(config)
  const kept = await loadKept(store, blank)
  const control = createControlPlane({
    initial: resume(
      daemonId,
      kept ?? { term: 0, votedFor: '', committed: blank, pending: undefined },
      clock.monotonic(),
      config.timeout.startup_time,
    ),
    store,
    clock,
    log,
  })
  const settings = await openNodeConfig({ store, log, cluster: control.metadata.config })
  if (overrides !== undefined) {
    await settings.set(overrides.json, { transient: overrides.transient })
  }
  const exchangeKeys = await openExchangeKeys(store, random, platform.crypto)
  const [owner] = owners.values()
  const diskCluster = owner?.cluster ?? ''
  const { uuid: cluster, version } = control.metadata.smap()
  // One that goes over to another cluster tells its disks when it is sure of it, and once more at its start.
  if (version > 0 && cluster !== '' && diskCluster !== '' && cluster !== diskCluster) {
    throw new AisError(
      'ErrBadRequest',
      `cluster integrity error (cie#60): ${daemonId} belongs to cluster "${cluster}", its mountpaths to "${diskCluster}"`,
    )
  }
  return {
    store,
    daemonId,
    control,
    settings,
    exchangeKeys,
    fresh: kept === undefined,
    diskCluster,
    marker: role === 'target' ? await setRunMarker(store) : undefined,
    async forget(userData, open) {
      await clearDocuments(local.confdir)
      for (const path of paths) await disown(path, userData && !open, log)
    },
  }
}
