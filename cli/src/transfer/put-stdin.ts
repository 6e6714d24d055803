import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Context } from '../command.ts'
import { formatSize } from '../format/size.ts'
import { printLine, warn } from '../output/messages.ts'

/** Piece of standard input that is sent at a time, bytes. */
const pieceBytesDefault = 10 * 1024 ** 2

/**
 * Puts standard input piece by piece: the first one replaces the object, the others are appended. Input that fits
 * into one piece is a plain put.
 */
export async function putStdin(context: Context, bck: Bck, name: string): Promise<void> {
  const { client, flags, terminal } = context
  const pieceBytes = flags.size('chunk-size') ?? pieceBytesDefault
  if (pieceBytes === 0) {
    throw new CommandError(
      `chunk size (in --chunk-size) cannot be zero (${formatSize(pieceBytesDefault, 'iec', 0)} recommended)`,
    )
  }
  if (flags.has('verbose')) warn(context, 'To terminate input, press Ctrl-D two or more times')
  const object = client.bucket(bck).object(name)
  if (flags.has('dry-run')) return printLine(context, `PUT (standard input) => ${object.cname}\n`)
  const writer = object.appendWriter(context.signal)
  let first = true
  for await (const piece of pieces(terminal.stdin(), pieceBytes)) {
    if (first) await object.put(piece, { signal: context.signal })
    else await writer.append(piece)
    first = false
  }
  if (first) await object.put('', { signal: context.signal })
  await writer.flush()
  printLine(context, `PUT (standard input) => ${object.cname}\n`)
}

/** Chunks of any size, gathered to pieces of exactly `pieceBytes` but for the last one. */
export async function* pieces(
  chunks: AsyncIterable<Uint8Array>,
  pieceBytes: number,
): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  for await (const chunk of chunks) {
    let rest = chunk
    while (heldBytes + rest.byteLength >= pieceBytes) {
      const take = pieceBytes - heldBytes
      yield join([...held, rest.subarray(0, take)])
      rest = rest.subarray(take)
      held = []
      heldBytes = 0
    }
    if (rest.byteLength > 0) held.push(rest)
    heldBytes += rest.byteLength
  }
  if (heldBytes > 0) yield join(held)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}
