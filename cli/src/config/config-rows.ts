import type { Fields } from '@aistore-ts/sdk/decode.ts'
import { formatFeatures } from '../bucket-props/features.ts'

export type ConfigRow = readonly [name: string, value: string]

/** Settings as rows of dotted names, in the order the server has them. */
export function configRows(config: Fields): ConfigRow[] {
  return rowsOf(config, '')
}

/** Free-form parts are shown whole. */
const wholeSections: ReadonlySet<string> = new Set(['backend', 'fspaths', 'tracing.attributes'])

function rowsOf(value: unknown, path: string): ConfigRow[] {
  const isTree = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isTree || wholeSections.has(path)) return [[path, shown(value, path)]]
  return Object.entries(value).flatMap(([key, item]) =>
    rowsOf(item, path === '' ? key : `${path}.${key}`),
  )
}

function shown(value: unknown, path: string): string {
  if (path === 'features' && typeof value === 'string') return formatFeatures(value)
  if (value === null || value === undefined) return '-'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
