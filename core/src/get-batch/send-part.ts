import { utf8Encode } from '../algorithms/utf8.ts'
import { inPieces } from '../archive/write-archive.ts'
import type { Reply } from '../ports/call.ts'
import { type BatchPart, isFault } from './batch-part.ts'
import { formatFault, formatFrameHead, formatOutlook } from './part-wire.ts'

async function* framesOf(part: BatchPart): AsyncGenerator<Uint8Array> {
  try {
    const rows = await part.outlook()
    const text = utf8Encode(formatOutlook(rows))
    yield formatFrameHead('o', text.length)
    yield text
    for (const row of rows) {
      if (isFault(row)) continue
      const delivery = await part.next()
      if (isFault(delivery)) {
        const fault = utf8Encode(formatFault(delivery))
        yield formatFrameHead('f', fault.length)
        yield fault
        continue
      }
      yield formatFrameHead('c', delivery.sizeBytes)
      if (delivery.content instanceof Uint8Array) yield delivery.content
      else yield* delivery.content
    }
  } finally {
    await part.close()
  }
}

/** A part on its way to the designated target: no faster than that reads. */
export function sendPart(part: BatchPart): Reply {
  return {
    status: 200,
    headers: [['Content-Type', 'application/octet-stream']],
    body: { kind: 'stream', chunks: inPieces(framesOf(part)) },
  }
}
