import { AisError } from '../errors/ais-error.ts'
import { isJsonObject } from '../wire/json.ts'
import { maskAuth } from './auth-config.ts'
import { checkClusterConfig } from './config-checks.ts'
import { configTable } from './defaults.ts'
import { jsonFromNames } from './dotted-names.ts'
import { changedNames, defaultsOf, mergeJson, treeToJson, type Values } from './section.ts'

/**
 * The configuration all nodes share, under upstream's names. Durations are milliseconds and sizes bytes here,
 * texts on the wire. Immutable; each change is one version up.
 */
export type ClusterConfig = Values<typeof configTable>

const what = 'cluster config'

/**
 * The configuration of a new cluster: the table of defaults and what a file in upstream's shape says otherwise.
 * @throws AisError `ErrBadRequest` naming the field, or both fields that contradict each other
 */
export function defaultClusterConfig(overrides: unknown = {}): ClusterConfig {
  return parseClusterConfig(overrides)
}

/**
 * Reads a configuration in upstream's JSON shape; what it leaves out has its default.
 * @throws AisError `ErrBadRequest` as `defaultClusterConfig`
 */
export function parseClusterConfig(json: unknown): ClusterConfig {
  const config = mergeJson(configTable, defaultsOf(configTable), json, { what, readOnly: true })
  checkClusterConfig(config)
  return config
}

/** Wire shape, every section present, in upstream's key order. Holds secrets: mask before it leaves the node. */
export function configToJson(config: ClusterConfig): Record<string, unknown> {
  return treeToJson(configTable, config)
}

/**
 * `set-config` with a body (upstream's ConfigToSet: the same tree, partial). All of it or nothing; the version
 * is the caller's to raise.
 * @throws AisError `ErrBadRequest` nothing to set, unknown, read-only or invalid field
 */
export function applySetConfig(config: ClusterConfig, json: unknown): ClusterConfig {
  if (!isJsonObject(json) || Object.values(json).every((value) => value === null)) {
    throw new AisError('ErrBadRequest', `${what}: no properties to update`)
  }
  const next = mergeJson(configTable, config, json, { what, readOnly: false })
  checkClusterConfig(next)
  return next
}

/** `set-config` in its query form: dotted names and texts. @throws AisError as `applySetConfig` */
export function applySetConfigQuery(
  config: ClusterConfig,
  pairs: readonly (readonly [name: string, text: string])[],
): ClusterConfig {
  return applySetConfig(config, jsonFromNames(configTable, pairs, what))
}

/** `reset-config`: what the cluster was started with, its identity, version and addresses kept. */
export function resetConfig(config: ClusterConfig, initial: ClusterConfig): ClusterConfig {
  const { uuid, config_version, lastupdate_time, proxy } = config
  return { ...initial, uuid, config_version, lastupdate_time, proxy }
}

/** Fit to leave the node: keys and secrets as asterisks. */
export function maskSecrets(config: ClusterConfig): ClusterConfig {
  return { ...config, auth: maskAuth(config.auth) }
}

/** Dotted names of what differs. */
export function changedSettings(before: ClusterConfig, after: ClusterConfig): string[] {
  return changedNames(configTable, before, after)
}

function within(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))
}

/** Those of the dotted names that take effect only after a restart. */
export function restartRequired(names: readonly string[]): string[] {
  const prefixes = ['memsys', 'net', 'tracing', 'timeout.cplane_operation', 'timeout.max_keepalive']
  return names.filter((name) => within(name, prefixes))
}

/** @throws AisError `ErrNotImpl` (501) naming a setting that cannot be changed in memory only */
export function checkTransient(names: readonly string[]): void {
  const durable = ['auth', 'net', 'tracing', 'memsys', 'keepalivetracker', 'timeout']
  const name = names.find((candidate) => within(candidate, durable))
  if (name === undefined) return
  throw new AisError('ErrNotImpl', `cannot set "${name}" as transient - not implemented yet`)
}

/** @throws AisError `ErrBadRequest` naming a setting that all nodes must share */
export function checkNodeScope(names: readonly string[]): void {
  const shared = [
    'auth',
    'backend',
    'proxy',
    'net',
    'mirror',
    'ec',
    'checksum',
    'tcb',
    'tco',
    'arch',
    'lso',
    'rebalance',
    'transport',
    'chunks',
    'get_batch',
    'periodic',
    'features',
  ]
  const name = names.find((candidate) => within(candidate, shared))
  if (name === undefined) return
  throw new AisError('ErrBadRequest', `"${name}" is cluster-scoped: it cannot be set for one node`)
}
