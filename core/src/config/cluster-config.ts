import { AisError } from '../errors/ais-error.ts'
import { isJsonObject } from '../wire/json.ts'
import { maskAuth } from './auth-config.ts'
import { checkClusterConfig } from './config-checks.ts'
import { configTable } from './defaults.ts'
import { jsonFromNames } from './dotted-names.ts'
import {
  changedNames,
  defaultsOf,
  mergeJson,
  type NamedValues,
  namedValues,
  treeToJson,
  type Values,
} from './section.ts'

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
  checkGiven(json)
  const next = mergeJson(configTable, config, json, { what, readOnly: false })
  checkClusterConfig(next)
  return next
}

function checkGiven(json: unknown): void {
  if (isJsonObject(json) && Object.values(json).some((value) => value !== null)) return
  throw new AisError('ErrBadRequest', `${what}: no properties to update`)
}

/** The body that the query form of `set-config` stands for: dotted names and texts. @throws AisError `ErrBadRequest` */
export function settingsFromText(
  pairs: readonly (readonly [name: string, text: string])[],
): Record<string, unknown> {
  return jsonFromNames(configTable, pairs, what)
}

/** `set-config` in its query form. @throws AisError as `applySetConfig` */
export function applySetConfigQuery(
  config: ClusterConfig,
  pairs: readonly (readonly [name: string, text: string])[],
): ClusterConfig {
  return applySetConfig(config, settingsFromText(pairs))
}

/**
 * The settings a body of `set-config` names, by their dotted names, in upstream's spelling. The values are not looked at.
 * @throws AisError `ErrBadRequest` nothing to set, unknown field
 */
export function settingsNamed(json: unknown): NamedValues {
  checkGiven(json)
  return namedValues(configTable, json, what)
}

/** Fit to leave the node: keys and secrets as asterisks. */
export function maskSecrets(config: ClusterConfig): ClusterConfig {
  return { ...config, auth: maskAuth(config.auth) }
}

/** Dotted names of what differs. */
export function changedSettings(before: ClusterConfig, after: ClusterConfig): string[] {
  return changedNames(configTable, before, after)
}
