import { isAisError } from '../../errors/ais-error.ts'
import { removeObject } from '../../target/remove-object.ts'
import { placeObject, type TargetBucket } from '../../target/target.ts'
import type { Work, XactionContext } from '../xaction-kind.ts'
import { objectExists } from './object-exists.ts'

/** Deletes a copy whose source is gone. Names are the same on both sides. */
export async function pruneCopy(
  context: XactionContext,
  { from, to }: { readonly from: TargetBucket; readonly to: TargetBucket },
  name: string,
): Promise<Work> {
  if (await objectExists(context, from, name)) return {}
  try {
    await removeObject(context.target, placeObject(context.target, to, name))
  } catch (error) {
    if (!isAisError(error) || error.code !== 'ErrNotFound') throw error
  }
  return { objects: 1 }
}
