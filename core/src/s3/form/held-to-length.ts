import { S3Error } from '../s3-error.ts'

/** Bytes that a file of a form may have without a policy that says so. Amazon's limit of one upload. */
const fileBytesMax = 5 * 1024 ** 3

/**
 * A file as it comes, cut when it is longer than it may be.
 * @throws S3Error while it is read: `EntityTooLarge` at the first byte too many, `EntityTooSmall` at its end
 */
export async function* heldToLength(
  file: AsyncIterable<Uint8Array>,
  { min, max } = { min: 0, max: fileBytesMax },
): AsyncGenerator<Uint8Array> {
  let size = 0
  const refuse = (code: 'EntityTooLarge' | 'EntityTooSmall', limit: string, bytes: number) =>
    new S3Error(code, {
      fields: [
        ['ProposedSize', String(size)],
        [limit, String(bytes)],
      ],
    })
  for await (const piece of file) {
    size += piece.length
    if (size > max) throw refuse('EntityTooLarge', 'MaxSizeAllowed', max)
    yield piece
  }
  if (size < min) throw refuse('EntityTooSmall', 'MinSizeAllowed', min)
}
