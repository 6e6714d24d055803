import { parseExactJson } from '../codec/parse-exact-json.ts'
import { isJsonObject } from '../model/json-value.ts'
import { placementDigest } from '../placement/hrw.ts'
import type { Check } from './check.ts'

/** Each `id_digest` of a Smap is the placement digest of its node ID, exact to the last bit. */
export const smapDigests: Check = (answer) => {
  const smap = parseExactJson(answer.body.toString('utf8'))
  if (!isJsonObject(smap)) return 'Smap: not an object'
  for (const key of ['pmap', 'tmap']) {
    const nodes = smap[key]
    if (!isJsonObject(nodes)) return `Smap: no ${key}`
    for (const [id, node] of Object.entries(nodes)) {
      const shown = isJsonObject(node) ? node.id_digest : undefined
      const isNumber = typeof shown === 'number' || typeof shown === 'bigint'
      if (!isNumber || BigInt(shown) !== placementDigest(id)) {
        return `${key}.${id}.id_digest: expected ${placementDigest(id)}, got ${String(shown)}`
      }
    }
  }
  return undefined
}
