import type { BatchEntry } from '@aistore-ts/sdk/batch.ts'
import { isFields } from '@aistore-ts/sdk/decode.ts'
import { readPacked } from '@aistore-ts/sdk/node/read-packed.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { CommandError } from '../../arguments/usage-error.ts'

/** Longest line of a manifest, in characters. @see AIStore cmd/cli/cli/lhotse.go */
const lineLengthMax = 16 * 1024 * 1024

/** A shard and the file in it. */
const inShard = /^(.+?\.(?:tar|tgz|tar\.gz|zip|tar\.lz4))\/(.+)$/i

type Fields = Record<string, unknown>

function textIn(fields: Fields, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Where the audio of a cut is, by the newest of the three layouts that it has. */
function sourceOf(cut: Fields): string | undefined {
  const recording = isFields(cut.recording) ? cut.recording : {}
  const [first] = Array.isArray(recording.sources) ? recording.sources : []
  const newest = isFields(first) ? textIn(first, 'source') : undefined
  return newest ?? textIn(recording, 'path') ?? textIn(cut, 'audio_source')
}

/** Bytes of `seconds` of audio, a byte for each sample as upstream counts. */
function bytesIn(cut: Fields, name: 'start' | 'duration', rate: number): number {
  const seconds = cut[name] ?? 0
  if (typeof seconds === 'number' && seconds >= 0) return Math.round(seconds * rate)
  throw new CommandError(`cut ${JSON.stringify(cut.id)}: "${name}" is no number of seconds`)
}

/** What a line of a manifest asks for. @throws CommandError naming the line */
function entryOf(line: string, number: number, rate: number | undefined): BatchEntry {
  let cut: unknown
  try {
    cut = JSON.parse(line)
  } catch {
    cut = undefined
  }
  if (!isFields(cut)) throw new CommandError(`bad cut JSON at line ${number}`)
  const source = sourceOf(cut)
  if (source === undefined) {
    throw new CommandError(`cut ${JSON.stringify(cut.id)} (line ${number}): no audio source`)
  }
  const { bck, name: path } = parseObject(source, 'ais')
  const [, name = path, archivePath] = inShard.exec(path) ?? []
  const entry = { name, bck, archivePath }
  if (rate === undefined) return entry
  const start = bytesIn(cut, 'start', rate)
  const length = bytesIn(cut, 'duration', rate)
  return { ...entry, start, length: length === 0 && start > 0 ? -1 : length }
}

/**
 * The cuts of a Lhotse manifest, a line of JSON each, plain or packed by gzip or LZ4.
 * @param rate samples a second: then only those of the cut are asked for
 * @throws CommandError naming the line that is no cut
 */
export async function* readCuts(
  file: string,
  rate: number | undefined,
  signal: AbortSignal,
): AsyncGenerator<BatchEntry> {
  const decoder = new TextDecoder()
  let text = ''
  let number = 0
  for await (const chunk of readPacked(file, signal)) {
    text += decoder.decode(chunk, { stream: true })
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length > lineLengthMax) throw new CommandError(`line ${number + 1} is too long`)
    for (const line of lines) {
      number += 1
      if (line.trim() !== '') yield entryOf(line, number, rate)
    }
  }
  text += decoder.decode()
  if (text.trim() !== '') yield entryOf(text, number + 1, rate)
}
