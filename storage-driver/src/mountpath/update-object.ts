import type { BucketRef, Durability, ObjectMeta } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeCustom, type ObjectRow } from '../catalog/object-row.ts'
import type { MountpathContext } from './context.ts'
import { loadMeta } from './load-object.ts'

/** What `update` may change. */
export type ObjectPatch = Partial<Pick<ObjectMeta, 'custom' | 'atimeNs' | 'checksum' | 'version'>>

/** `Mountpath.update`. A new access time alone keeps the generation; anything else is a new one. */
export async function updateObject(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  patch: ObjectPatch,
  durability: Durability,
): Promise<ObjectMeta | undefined> {
  const { catalog, journal, gate, buckets } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  return journal.submit({
    durability,
    frees: false,
    apply: () => {
      const old = catalog.objects.load(bucket.bid, name)
      if (old === undefined) return undefined
      const row = patchRow(old, patch, context)
      catalog.objects.store(bucket.bid, name, row)
      return loadMeta(context, bucket, name, row)
    },
  })
}

function patchRow(old: ObjectRow, patch: ObjectPatch, context: MountpathContext): ObjectRow {
  const { custom, atimeNs, checksum, version } = patch
  const touchOnly = custom === undefined && checksum === undefined && version === undefined
  return {
    ...old,
    atimeNs: atimeNs ?? old.atimeNs,
    version: version ?? old.version,
    checksumType: checksum?.type ?? old.checksumType,
    checksumValue: checksum?.value ?? old.checksumValue,
    custom: custom === undefined ? old.custom : encodeCustom(custom),
    generation: touchOnly ? old.generation : context.nextGeneration(),
  }
}
