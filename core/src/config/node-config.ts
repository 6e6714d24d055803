import { isAisError } from '../errors/ais-error.ts'
import type { DocumentStore } from '../ports/document-store.ts'
import type { Log } from '../ports/log.ts'
import { isJsonObject, parseJson, stringifyJson } from '../wire/json.ts'
import { applySetConfig, type ClusterConfig, settingsNamed } from './cluster-config.ts'
import { checkNodeScope, checkTransientScope, restartRequired } from './config-scope.ts'
import { type NamedValues, nestNames } from './section.ts'

/** What a change of one node's settings may be. */
export interface NodeSetOptions {
  /** In memory only: gone with the process. */
  readonly transient: boolean
}

/**
 * The settings one node runs with: the cluster's, and over them what was set for this node alone. Overrides are kept
 * with the node's metadata, outlive changes of the cluster config and win over it; transient ones win over both.
 * @see AIStore docs/configuration.md "Cluster and node configuration"
 */
export interface NodeConfig {
  /** Made anew only when the cluster's or an override changed; cheap to ask on every call. */
  current(): ClusterConfig
  /**
   * `set-config` of this node: `json` is a part of the tree, all of it or nothing. Resolves when it is durable.
   * @throws AisError `ErrBadRequest` naming the field that is unknown, invalid or the same for the whole cluster
   */
  set(json: unknown, options: NodeSetOptions): Promise<void>
  /** `reset-config`: the cluster's settings again, transient overrides gone as well. */
  reset(): Promise<void>
}

export interface NodeConfigOptions {
  readonly store: DocumentStore
  readonly log: Log
  /** The configuration all nodes share, as it is now. */
  cluster(): ClusterConfig
}

const documentName = '.ais.override_config'

async function loadOverrides(store: DocumentStore): Promise<NamedValues> {
  const text = await store.load(documentName)
  const json = text === undefined ? {} : parseJson(text)
  return new Map(isJsonObject(json) ? Object.entries(json) : [])
}

function saveOverrides(store: DocumentStore, overrides: NamedValues): Promise<void> {
  return store.save(documentName, stringifyJson(overrides))
}

function withOverrides(config: ClusterConfig, overrides: NamedValues): ClusterConfig {
  return overrides.size === 0 ? config : applySetConfig(config, nestNames(overrides))
}

/** Reads the node's overrides of earlier runs. */
export async function openNodeConfig(options: NodeConfigOptions): Promise<NodeConfig> {
  const { store, log } = options
  let kept = await loadOverrides(store)
  let transient: NamedValues = new Map()
  let queue: Promise<unknown> = Promise.resolve()
  let effective: { readonly of: ClusterConfig; readonly config: ClusterConfig } | undefined

  /** The cluster may have moved to where an override does not fit: the node runs on with the cluster's settings. */
  function replay(config: ClusterConfig): ClusterConfig {
    try {
      return withOverrides(config, new Map([...kept, ...transient]))
    } catch (error) {
      if (!isAisError(error)) throw error
      log.error("this node's settings do not fit the cluster config and are ignored", { error })
      return config
    }
  }

  async function setNow(json: unknown, how: NodeSetOptions): Promise<void> {
    const given = settingsNamed(json)
    const names = [...given.keys()]
    if (how.transient) checkTransientScope(names)
    else checkNodeScope(names)
    const nextKept: NamedValues = how.transient ? kept : new Map([...kept, ...given])
    const others = [...transient].filter(([name]) => !given.has(name))
    const nextTransient: NamedValues = new Map(how.transient ? [...others, ...given] : others)
    withOverrides(options.cluster(), new Map([...nextKept, ...nextTransient]))
    if (!how.transient) await saveOverrides(store, nextKept)
    kept = nextKept
    transient = nextTransient
    effective = undefined
    const restart = restartRequired(names)
    if (restart.length > 0) log.warn('settings take effect after a restart', { names: restart })
  }

  function serially(task: () => Promise<void>): Promise<void> {
    const done = queue.then(task)
    queue = done.catch(() => undefined)
    return done
  }

  return {
    current() {
      const of = options.cluster()
      if (effective?.of !== of) effective = { of, config: replay(of) }
      return effective.config
    },
    set: (json, how) => serially(() => setNow(json, how)),
    reset: () =>
      serially(async () => {
        if (kept.size > 0) await saveOverrides(store, new Map())
        kept = new Map()
        transient = new Map()
        effective = undefined
      }),
  }
}
