import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import { storeText } from '../disk/store-text.ts'
import { bucketIdFile } from './bucket-folder.ts'

/** The bucket ID kept in a bucket's folder; `undefined` when there is none, or no sound one. */
export async function loadBucketId(files: FileSystem, root: string): Promise<bigint | undefined> {
  const text = await files.readText(`${root}/${bucketIdFile}`)
  const match = /^([0-9a-f]{16})\n$/.exec(text ?? '')
  return match === null ? undefined : BigInt(`0x${match[1]}`)
}

/** Writes the bucket ID as 16 hex digits, unless it is there already. The caller syncs the folder. */
export async function storeBucketId(files: FileSystem, root: string, bid: bigint): Promise<void> {
  if ((await loadBucketId(files, root)) === bid) return
  await storeText(files, `${root}/${bucketIdFile}`, `${bid.toString(16).padStart(16, '0')}\n`)
}
