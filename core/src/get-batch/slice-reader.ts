import { AisError } from '../errors/ais-error.ts'
import type { FileSystem } from '../ports/file-system.ts'
import type { OpenObject } from '../ports/mountpath.ts'

const bufferBytes = 256 * 1024
/** Reads of at most this many bytes do not go through a thread pool. */
const syncBytesMax = 128 * 1024

/**
 * Reads objects one after the other into one buffer: with a new one for each, most of the work on a batch would be to
 * collect them. What it gives is valid until it is asked for more.
 */
export class SliceReader {
  readonly #files: FileSystem | undefined
  #buffer: Uint8Array | undefined

  constructor(files: FileSystem | undefined) {
    this.#files = files
  }

  /** Bytes `[offset, offset + length)`. @throws AisError `ErrObjDefunct` a file ends early */
  async *read(open: OpenObject, offset: number, length: number): AsyncGenerator<Uint8Array> {
    const body = open.body(offset, length)
    const files = this.#files
    if (body.kind === 'bytes' || files === undefined) {
      yield* open.read(offset, length)
      return
    }
    for (const slice of body.slices) {
      for (let done = 0; done < slice.length; ) {
        const wanted = Math.min(slice.length - done, bufferBytes)
        this.#buffer ??= new Uint8Array(bufferBytes)
        const into = this.#buffer.subarray(0, wanted)
        const at = slice.offset + done
        const count =
          wanted <= syncBytesMax
            ? files.readSync(slice.file.fd, into, at)
            : await files.read(slice.file.fd, into, at)
        if (count === 0) throw new AisError('ErrObjDefunct', `object ${open.meta.name} ended early`)
        done += count
        yield into.subarray(0, count)
      }
    }
  }
}
