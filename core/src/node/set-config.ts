import { settingsFromText } from '../config/cluster-config.ts'
import { AisError } from '../errors/ais-error.ts'
import type { Query } from '../wire/query.ts'

const transientName = 'transient'

/** Whether a change of settings is to be kept in memory only. */
export function isTransient(query: Query): boolean {
  return query.bool(transientName)
}

/**
 * The settings of `set-config?name=value&...` as the body of the other form.
 * @throws AisError `ErrBadRequest` no setting, an unknown one, a text that cannot be its value
 */
export function settingsOfQuery(query: Query): Record<string, unknown> {
  const pairs = query.all().filter(([name]) => name !== transientName)
  if (pairs.length === 0) {
    throw new AisError('ErrBadRequest', 'set-config: no properties to update (no name=value)')
  }
  return settingsFromText(pairs)
}
