import { open, rename, rm } from 'node:fs/promises'
import { AisClientError } from '../errors/ais-client-error.ts'
import type { ObjectAttributes } from '../object-attributes.ts'
import type { ObjectHandle } from '../object-handle.ts'

export interface DownloadPartsOptions {
  /** Bytes of one range. */
  readonly chunkBytes: number
  /** Ranges on their way at a time. */
  readonly workersMax: number
  /** Told of every piece written. */
  readonly onBytes?: ((bytes: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Writes an object's content to a file by several range reads at a time, under a temporary name beside it until it is
 * complete. All ranges are of one version: an object that is overwritten meanwhile fails the download.
 * @returns bytes written
 * @throws AisClientError, NetworkError; nothing is left behind then
 */
export async function downloadParts(
  object: ObjectHandle,
  path: string,
  options: DownloadPartsOptions,
): Promise<number> {
  const { chunkBytes, workersMax } = options
  const stop = new AbortController()
  const signal =
    options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal])
  const whole = await object.head(['size', 'checksum', 'version'], { signal })
  const size = whole.sizeBytes
  const draft = `${path}.${process.pid}.part`
  const file = await open(draft, 'w')
  try {
    let next = 0
    const worker = async () => {
      while (next < size) {
        const start = next
        const length = Math.min(chunkBytes, size - start)
        next += length
        const reader = await object.get({ range: { start, length }, signal })
        try {
          checkSame(object, whole, reader.attributes)
          let at = start
          for await (const chunk of reader.chunks()) {
            await writeAll(file, chunk, at)
            at += chunk.byteLength
            options.onBytes?.(chunk.byteLength)
          }
          if (at !== start + length) throw changed(object)
        } catch (error) {
          await reader.discard().catch(() => undefined)
          throw error
        }
      }
    }
    const workers = Array.from({ length: Math.max(1, workersMax) }, worker)
    try {
      await Promise.all(workers)
    } catch (error) {
      stop.abort(error)
      await Promise.allSettled(workers)
      throw error
    }
    await file.close()
    await rename(draft, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(draft, { force: true })
    throw error
  }
  return size
}

async function writeAll(
  file: Awaited<ReturnType<typeof open>>,
  chunk: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, done, chunk.byteLength - done, position + done)
    done += bytesWritten
  }
}

/** A range carries version and checksum of the whole object. */
function checkSame(object: ObjectHandle, whole: ObjectAttributes, part: ObjectAttributes): void {
  const sameVersion = (part.version ?? '') === (whole.version ?? '')
  const sameContent =
    part.checksum === undefined ||
    whole.checksum === undefined ||
    part.checksum.type !== whole.checksum.type ||
    part.checksum.value === whole.checksum.value
  if (!sameVersion || !sameContent) throw changed(object)
}

function changed(object: ObjectHandle): AisClientError {
  const message = `${object.cname} was changed while it was read: try again`
  return new AisClientError({ status: 0, tcode: '', message })
}
