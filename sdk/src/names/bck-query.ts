import { type Bck, namespaceUname } from '@aistore-ts/core/bucket/bck.ts'

export type QueryPair = readonly [name: string, value: string]

/** The query that says which bucket is meant; the global namespace is left out. */
export function bckQuery(bck: Bck, ...more: readonly QueryPair[]): QueryPair[] {
  const { uuid, name } = bck.namespace
  const pairs: QueryPair[] = [['provider', bck.provider]]
  if (uuid !== '' || name !== '') pairs.push(['namespace', namespaceUname(bck.namespace)])
  return [...pairs, ...more]
}
