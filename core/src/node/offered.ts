import { AisError } from '../errors/ais-error.ts'
import type { Query } from '../wire/query.ts'
import { queryParam } from '../wire/query-params.ts'

/** Parameters that change what an object call does, and that are not offered yet. */
const notOffered: ReadonlySet<string> = new Set([queryParam.etlName, queryParam.etlPipeline])

/**
 * Methods that take what names files in a shard: there is something to read or write, nothing to delete or change. A HEAD
 * tells of the shard: the Python SDK's readers send the parameters of their reads along.
 */
const archiveMethods: ReadonlyMap<string, readonly string[]> = new Map([
  [queryParam.archivePath, ['GET', 'HEAD', 'PUT']],
  [queryParam.archiveRegex, ['GET', 'HEAD']],
])

/** A bit for each length of their names (modulo 32): hardly any other parameter has one of these. */
const lengths = [...notOffered, ...archiveMethods.keys()].reduce(
  (bits, name) => bits | (1 << name.length),
  0,
)

/**
 * Refuses an object call whose parameters would have to be passed over: it would read another thing than was asked for,
 * or replace a whole archive by the file that should go into it. Empty values ask for nothing (the Python SDK sends them).
 * @throws AisError `ErrNotImpl` naming the parameter
 */
export function checkOffered(method: string, query: Query): void {
  for (const param of query.all()) {
    const name = param[0]
    if ((lengths & (1 << name.length)) === 0 || param[1] === '') continue
    const isRefused = notOffered.has(name) || archiveMethods.get(name)?.includes(method) === false
    if (isRefused) {
      throw new AisError('ErrNotImpl', `"${name}" is not implemented (${name}=${param[1]})`)
    }
  }
}
