/** Names that people give to kinds of jobs, and what they are on the wire. @see AIStore xact/api_table.go */
const kindsByTitle: ReadonlyMap<string, string> = new Map([
  ['lru-eviction', 'lru'],
  ['cleanup', 'cleanup-store'],
  ['summary', 'summary-bck'],
  ['shard-summary', 'summary-shard'],
  ['shard-index', 'index-shard'],
  ['copy-objects', 'copy-listrange'],
  ['etl-objects', 'etl-listrange'],
  ['promote-files', 'promote'],
  ['evict-objects', 'evict-listrange'],
  ['evict-remote-bucket', 'evict-remote-bck'],
  ['delete-objects', 'delete-listrange'],
  ['prefetch-objects', 'prefetch-listrange'],
  ['ec-bucket', 'ec-encode'],
  ['mirror', 'make-n-copies'],
  ['rename-bucket', 'move-bck'],
  ['copy-bucket', 'copy-bck'],
  ['etl-bucket', 'etl-bck'],
  ['warm-up-metadata', 'load-lom-cache'],
  ['elect-primary', 'election'],
])

/** The kind as on the wire, whichever of its names is given. */
export function kindOfName(name: string): string {
  return kindsByTitle.get(name) ?? name
}

const titlesByKind: ReadonlyMap<string, string> = new Map(
  [...kindsByTitle].map(([title, kind]) => [kind, title]),
)

/** What people call the kind. */
export function titleOfKind(kind: string): string {
  return titlesByKind.get(kind) ?? kind
}

/** Kinds that are called as on the wire. */
const plainNames = [
  ...['archive', 'blob-download', 'download', 'ec-get', 'ec-put', 'ec-resp', 'get-batch', 'list'],
  ...['put-copies', 'rebalance', 'rechunk', 'resilver', 'create-inventory', 'dsort', 'etl-inline'],
] as const

/** Every name by which a kind may be called. */
export const kindNames: readonly string[] = [...plainNames, ...[...kindsByTitle].flat()]
