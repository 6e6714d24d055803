import { type Bmd, bmdToJson, parseBmd } from '../bucket/bmd.ts'
import { type ClusterConfig, configToJson, parseClusterConfig } from '../config/cluster-config.ts'
import { AisError } from '../errors/ais-error.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { parseJson, stringifyJson } from '../wire/json.ts'
import { parseSmap, type Smap, smapToJson } from './smap.ts'

/** The replicated documents of a cluster, each immutable and versioned. */
export interface MetadataBundle {
  readonly smap?: Smap | undefined
  readonly bmd?: Bmd | undefined
  readonly config?: ClusterConfig | undefined
}

/** One node's copies of the replicated metadata: kept on disk, replaced only by newer versions. */
export interface Metadata {
  smap(): Smap
  bmd(): Bmd
  config(): ClusterConfig
  /**
   * Takes over what is newer than our copy, durably, then tells the listeners. Equal and older versions change nothing.
   * @throws AisError `ErrBadRequest` when a document belongs to another cluster
   */
  apply(bundle: MetadataBundle): Promise<void>
  /** Called after a change, in the order of subscription; a later change waits for the promise. */
  onChange(listener: (now: Metadata, changed: MetadataBundle) => void | Promise<void>): void
}

const documents = { smap: '.ais.smap', bmd: '.ais.bmd', config: '.ais.conf' } as const

function encode(bundle: MetadataBundle): [name: string, text: string][] {
  const out: [string, string][] = []
  if (bundle.smap) out.push([documents.smap, stringifyJson(smapToJson(bundle.smap))])
  if (bundle.bmd) out.push([documents.bmd, stringifyJson(bmdToJson(bundle.bmd))])
  if (bundle.config) out.push([documents.config, stringifyJson(configToJson(bundle.config))])
  return out
}

/** Reads what an earlier run kept. Absent documents are absent in the result. */
export async function loadMetadata(store: DocumentStore): Promise<MetadataBundle> {
  const [smap, bmd, config] = await Promise.all([
    store.load(documents.smap),
    store.load(documents.bmd),
    store.load(documents.config),
  ])
  return {
    smap: smap === undefined ? undefined : parseSmap(parseJson(smap)),
    bmd: bmd === undefined ? undefined : parseBmd(parseJson(bmd)),
    config: config === undefined ? undefined : parseClusterConfig(parseJson(config)),
  }
}

/** Makes `initial` this node's metadata. Nothing is written until the first change. */
export function createMetadata(
  initial: Required<MetadataBundle>,
  store: DocumentStore,
  log: Log,
): Metadata {
  const { smap, bmd, config } = initial
  if (!smap || !bmd || !config) throw new Error('assert: metadata starts whole')
  let current = { smap, bmd, config }
  let queue: Promise<unknown> = Promise.resolve()
  const listeners: ((now: Metadata, changed: MetadataBundle) => void | Promise<void>)[] = []

  function newer(bundle: MetadataBundle): MetadataBundle {
    const changed: { -readonly [K in keyof MetadataBundle]: MetadataBundle[K] } = {}
    if (bundle.smap && bundle.smap.version > current.smap.version) {
      if (current.smap.uuid !== '' && bundle.smap.uuid !== current.smap.uuid) {
        throw new AisError(
          'ErrBadRequest',
          `cluster integrity error (cie#30): Smap of cluster ${bundle.smap.uuid}, this node belongs to ${current.smap.uuid}`,
        )
      }
      changed.smap = bundle.smap
    }
    if (bundle.bmd && bundle.bmd.version > current.bmd.version) {
      if (current.bmd.uuid !== '' && bundle.bmd.uuid !== current.bmd.uuid) {
        throw new AisError(
          'ErrBadRequest',
          `cluster integrity error (cie#40): BMD ${bundle.bmd.uuid}, this node has ${current.bmd.uuid}`,
        )
      }
      changed.bmd = bundle.bmd
    }
    if (bundle.config && bundle.config.config_version > current.config.config_version)
      changed.config = bundle.config
    return changed
  }

  async function applyNow(bundle: MetadataBundle): Promise<void> {
    const changed = newer(bundle)
    const texts = encode(changed)
    if (texts.length === 0) return
    for (const [name, text] of texts) await store.save(name, text)
    current = {
      smap: changed.smap ?? current.smap,
      bmd: changed.bmd ?? current.bmd,
      config: changed.config ?? current.config,
    }
    log.info('metadata updated', {
      smap: changed.smap?.version,
      bmd: changed.bmd?.version,
      config: changed.config?.config_version,
    })
    for (const listener of listeners) await listener(metadata, changed)
  }

  const metadata: Metadata = {
    smap: () => current.smap,
    bmd: () => current.bmd,
    config: () => current.config,
    apply(bundle) {
      const done = queue.then(() => applyNow(bundle))
      queue = done.catch(() => undefined)
      return done
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
  return metadata
}
