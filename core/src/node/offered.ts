import { AisError } from '../errors/ais-error.ts'
import type { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'

/** Parameters that change what an object call does, and that are not offered yet: files in archives, transforms. */
const notOffered: ReadonlySet<string> = new Set([
  queryParam.archivePath,
  queryParam.archiveRegex,
  queryParam.etlName,
  queryParam.etlPipeline,
])

/**
 * Refuses an object call whose parameters would have to be passed over: it would read another thing than was asked for,
 * or replace a whole archive by the file that should go into it. Empty values ask for nothing (the Python SDK sends them).
 * @throws AisError `ErrNotImpl` naming the parameter
 */
export function checkOffered(query: Query): void {
  for (const [name, value] of query.all()) {
    if (value !== '' && notOffered.has(name)) {
      throw new AisError('ErrNotImpl', `"${name}" is not implemented (${name}=${value})`)
    }
  }
}
