import { isAisError } from '../errors/ais-error.ts'
import type { OpenObject } from '../ports/mountpath.ts'
import { loadObject, objectNotFound, type Place, type TargetNode } from './target.ts'

/** Opens the object wherever it is on this target. @throws AisError `ErrNotFound` with the text clients parse */
export async function openPlaced(target: TargetNode, place: Place): Promise<OpenObject> {
  const { mountpath } = loadObject(target, place)
  try {
    return await mountpath.open(place.bucket, place.name)
  } catch (error) {
    // It went between `load` and `open`.
    if (isAisError(error, 'ErrNotFound')) throw objectNotFound(target, place.bucket.bck, place.name)
    throw error
  }
}
