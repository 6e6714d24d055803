import { AisError } from '../errors/ais-error.ts'

/** Sections that all nodes must share. @see AIStore cmn/config.go (allow:"cluster") */
const shared: ReadonlySet<string> = new Set([
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
  'versioning',
])

/** Settings, or whole sections, that are read when a node starts. @see AIStore cmn/config.go ConfigRestartRequired */
const readAtStart = [
  'memsys',
  'net',
  'tracing',
  'timeout.cplane_operation',
  'timeout.max_keepalive',
] as const

function within(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`))
}

function sectionOf(name: string): string {
  return name.split('.', 1)[0] ?? name
}

function findShared(names: readonly string[]): string | undefined {
  return names.find((name) => shared.has(sectionOf(name)))
}

/** Those of the dotted names that take effect only after a restart. */
export function restartRequired(names: readonly string[]): string[] {
  return names.filter((name) => within(name, readAtStart))
}

/** @throws AisError `ErrBadRequest` naming a setting that all nodes must share */
export function checkNodeScope(names: readonly string[]): void {
  const name = findShared(names)
  if (name === undefined) return
  throw new AisError(
    'ErrBadRequest',
    `"${name}": ${sectionOf(name)} configuration can only be globally updated`,
  )
}

/** @throws AisError `ErrBadRequest` naming a setting that all nodes must share: each would forget it by itself */
export function checkTransientScope(names: readonly string[]): void {
  const name = findShared(names)
  if (name === undefined) return
  throw new AisError(
    'ErrBadRequest',
    `"${name}": ${sectionOf(name)} (cluster-scoped) configuration cannot be changed transiently`,
  )
}

/**
 * What the whole cluster cannot change in memory only: who may enter, how nodes watch one another, and what is read
 * at start. @see AIStore ais/prxclu.go _checkTransient
 * @throws AisError `ErrUnsupp` (501) naming the setting
 */
export function checkTransient(names: readonly string[]): void {
  const name = names.find((each) => within(each, ['auth', 'keepalivetracker', ...readAtStart]))
  if (name === undefined) return
  throw new AisError(
    'ErrUnsupp',
    `cannot transiently update config.${name} - operation not supported`,
  )
}
