import type { BucketRef, Mountpath } from '@aistore-ts/core/ports/mountpath.ts'
import { put } from './mountpath-bench.ts'

export const manyNames: readonly string[] = Array.from(
  { length: 20 },
  (_, index) => `many/${index}`,
)

/** Writes all of `manyNames` at once, safe on the disk; the content is `content` and the name. */
export async function putMany(
  mountpath: Mountpath,
  bucket: BucketRef,
  content = 'many',
): Promise<void> {
  await Promise.all(
    manyNames.map((name) => put(mountpath, bucket, name, `${content} ${name}`, 'disk')),
  )
}
