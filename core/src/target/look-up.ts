import { generationLines } from '../edge/edge-read.ts'
import type { Call, Reply } from '../ports/call.ts'
import { headOf, notModified, readWanted } from './read-object.ts'
import { loadObject, type Place, type TargetNode } from './target.ts'

/**
 * What GET would answer, without the bytes: for an edge gateway that may have them. It counts as a read, so that what is
 * read at an edge stays warm here.
 * @throws AisError as `readObject`
 */
export function lookUpObject(target: TargetNode, place: Place, call: Call): Reply {
  const { mountpath, meta } = loadObject(target, place)
  const wanted = readWanted(call, meta)
  if (wanted === 'not-modified') return notModified(target, place, meta)
  const { status, headers } = headOf(target, place, mountpath, meta, wanted, undefined)
  const lengthBytes = wanted === 'whole' ? meta.sizeBytes : wanted.length
  const own = generationLines(call, place, meta)
  return { status, headers: [...headers, ...own, ['Content-Length', String(lengthBytes)]] }
}
