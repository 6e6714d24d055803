import type { BucketRef, Durability, ObjectMeta } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeCustom, type ObjectRow } from '../../catalog/object-row.ts'
import type { MountpathContext } from '../context.ts'
import { findSuperseded, supersedingGeneration } from '../versions/stamps.ts'
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
      const before = findSuperseded(context, bucket, name)
      const { old } = before
      if (old === undefined) return undefined
      const generation = isTouch(patch)
        ? old.generation
        : supersedingGeneration(context, name, before)
      const row = patchRow(old, patch, generation)
      catalog.objects.store(bucket.bid, name, row)
      return loadMeta(context, bucket, name, row)
    },
  })
}

function isTouch({ custom, checksum, version }: ObjectPatch): boolean {
  return custom === undefined && checksum === undefined && version === undefined
}

function patchRow(old: ObjectRow, patch: ObjectPatch, generation: string): ObjectRow {
  const { custom, atimeNs, checksum, version } = patch
  return {
    ...old,
    atimeNs: atimeNs ?? old.atimeNs,
    version: version ?? old.version,
    checksumType: checksum?.type ?? old.checksumType,
    checksumValue: checksum?.value ?? old.checksumValue,
    custom: custom === undefined ? old.custom : encodeCustom(custom),
    generation,
  }
}
