import type { ChecksumType } from '@aistore-ts/core/object/checksum.ts'
import type { MountpathContext } from '../context.ts'

/**
 * Checksum of the first `sizeBytes` bytes of `fd`, lower-case hex; of fewer when the file is shorter.
 * `also` is shown what is read, as it comes.
 */
export async function hashFile(
  { files, limits, createHasher }: Pick<MountpathContext, 'files' | 'limits' | 'createHasher'>,
  fd: number,
  sizeBytes: number,
  type: Exclude<ChecksumType, 'none'>,
  also?: (chunk: Uint8Array) => void,
): Promise<string> {
  const hasher = createHasher(type)
  const buffer = new Uint8Array(Math.max(1, Math.min(limits.readBytes, sizeBytes)))
  for (let at = 0; at < sizeBytes; ) {
    const into = buffer.subarray(0, Math.min(buffer.byteLength, sizeBytes - at))
    const count = await files.read(fd, into, at)
    if (count === 0) break
    hasher.update(into.subarray(0, count))
    also?.(into.subarray(0, count))
    at += count
  }
  return hasher.digestHex()
}
