import type { BucketRef, Durability } from '@aistore-ts/core/ports/mountpath.ts'
import { encodeSuperseded } from '../catalog/object-row.ts'
import type { MountpathContext } from './context.ts'
import { nameForm } from './object-name.ts'
import { objectPath, plainFolder } from './object-path.ts'
import { superseded } from './superseded.ts'
import { fileFailure } from './work-file.ts'

/** `Mountpath.remove`. The intent is the tombstone: it stays until the unlink is on the disk. */
export async function removeObject(
  context: MountpathContext,
  bucketRef: BucketRef,
  name: string,
  durability: Durability,
): Promise<boolean> {
  const { catalog, journal, settler, gate, buckets, files, directories } = context
  gate.check()
  const bucket = buckets.get(bucketRef)
  nameForm(name)
  const removed = await journal.submit({
    durability,
    frees: true,
    apply: () => {
      const old = catalog.objects.load(bucket.bid, name)
      if (old === undefined) return undefined
      const seq = context.nextIntent()
      const target = old.upload === '' ? objectPath(name, old.escaped) : ''
      catalog.objects.remove(bucket.bid, name)
      catalog.intents.add({
        seq,
        bid: bucket.bid,
        name,
        kind: 'remove',
        source: '',
        target,
        synced: true,
        file: old,
        superseded: encodeSuperseded(old),
      })
      return { seq, old, target }
    },
    finish: (done) => {
      if (done === undefined) return
      const { seq, old, target } = done
      const path = `${bucket.root}/${target}`
      try {
        if (target !== '' && files.unlinkSync(path)) {
          directories.touchParent(path)
          directories.prune(path, `${bucket.root}/${plainFolder}`)
        }
      } catch (error) {
        throw fileFailure(context, 'a file could not be removed', error)
      }
      context.crashPoint('unlinked')
      settler.add(seq, superseded(context, bucket, name, old, target))
    },
  })
  return removed !== undefined
}
