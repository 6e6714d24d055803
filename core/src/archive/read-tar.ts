import { utf8Decode } from '../algorithms/utf8.ts'
import { isAisError } from '../errors/ais-error.ts'
import type { ArchiveGuard } from './archive-guard.ts'
import type { ByteSource } from './byte-source.ts'
import { type ArchiveReader, checkMemberName, damaged, type Member } from './member.ts'
import { parseTarHeader, type TarHeader, tarBlockBytes, tarPadding } from './tar-header.ts'

/** A pax header or a GNU long name. */
const longHeaderBytesMax = 1024 * 1024
const pieceBytes = 256 * 1024

/** What pax records and GNU headers say of the file behind them. */
interface Extras {
  path?: string | undefined
  sizeBytes?: number | undefined
  mtimeSeconds?: number | undefined
}

const isZero = (block: Uint8Array) => block.every((byte) => byte === 0)

/** Takes pax records in: `length key=value`. @throws AisError `ErrBadRequest` */
function readPax(bytes: Uint8Array, extras: Extras): void {
  let at = 0
  while (at < bytes.length) {
    const blank = bytes.indexOf(0x20, at)
    const digits = String.fromCharCode(...bytes.subarray(at, Math.min(blank, at + 10)))
    const length = Number(digits)
    const isWhole = blank >= 0 && /^[0-9]+$/.test(digits) && at + length <= bytes.length
    if (!isWhole || length < blank - at + 3 || bytes[at + length - 1] !== 0x0a) {
      throw damaged('a pax header is malformed')
    }
    const record = utf8Decode(bytes.subarray(blank + 1, at + length - 1))
    const mark = record?.indexOf('=') ?? -1
    at += length
    // Binary values belong to keys that are of no use here.
    if (record === undefined || mark <= 0) continue
    takePax(record.slice(0, mark), record.slice(mark + 1), extras)
  }
}

function takePax(key: string, value: string, extras: Extras): void {
  if (key.startsWith('GNU.sparse.')) throw damaged('sparse files are not supported')
  if (key === 'path') {
    if (value.includes('\0')) throw damaged('a name has a NUL')
    extras.path = value
  }
  if (key === 'mtime') extras.mtimeSeconds = Math.max(Math.floor(Number(value)), 0) || 0
  if (key !== 'size') return
  if (!/^[0-9]{1,16}$/.test(value) || Number(value) > Number.MAX_SAFE_INTEGER) {
    throw damaged(`a pax header states the size ${JSON.stringify(value.slice(0, 32))}`)
  }
  extras.sizeBytes = Number(value)
}

/** Reads tar in every dialect that is written today: ustar, pax, GNU long names. */
export class TarReader implements ArchiveReader {
  readonly #source: ByteSource
  readonly #guard: ArchiveGuard
  /** Position right behind the content of the member that was given last, its padding included. */
  #behind = 0
  /** The last one begun, for messages. */
  #name = ''
  #ended = false
  /** Where the end-of-archive mark begins; known at the end. */
  #endOffset = 0

  constructor(source: ByteSource, guard: ArchiveGuard) {
    this.#source = source
    this.#guard = guard
  }

  /** Where the next member would go, once `next` told the end. */
  get endOffset(): number {
    return this.#endOffset
  }

  async next(): Promise<Member | undefined> {
    try {
      for (;;) {
        const member = await this.#step()
        if (member !== 'passed-over') return member
      }
    } catch (error) {
      if (
        isAisError(error, 'ErrBadRequest') &&
        error.message.startsWith('invalid archive') &&
        !error.message.includes('(member')
      ) {
        const behind =
          this.#name === ''
            ? 'at its start'
            : `at or behind member ${JSON.stringify(this.#name.slice(0, 256))}`
        throw damaged(`${error.message.slice('invalid archive: '.length)}, ${behind}`)
      }
      throw error
    }
  }

  async #step(): Promise<Member | undefined | 'passed-over'> {
    if (this.#ended) return undefined
    await this.#source.skip(this.#behind - this.#source.position)
    const extras: Extras = {}
    const begin = this.#source.position
    for (;;) {
      const header = await this.#header(begin)
      if (header === undefined) return undefined
      const { type } = header
      if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
        const bytes = await this.#longHeader(header)
        if (type === 'x') readPax(bytes, extras)
        if (type === 'L') extras.path = this.#longName(bytes)
        continue
      }
      return this.#member(header, extras)
    }
  }

  async #header(begin: number): Promise<TarHeader | undefined> {
    const block = await this.#source.exactly(tarBlockBytes)
    if (block === undefined) throw damaged('it has no end-of-archive mark')
    if (!isZero(block)) return parseTarHeader(block)
    if (this.#source.position - begin > tarBlockBytes)
      throw damaged('a pax or GNU header has no file')
    this.#ended = true
    this.#endOffset = begin
    return undefined
  }

  async #longHeader({ sizeBytes }: TarHeader): Promise<Uint8Array> {
    if (sizeBytes > longHeaderBytesMax) {
      throw damaged(`a long-name header has ${sizeBytes} bytes (more than ${longHeaderBytesMax})`)
    }
    const bytes = (await this.#source.exactly(sizeBytes))?.slice()
    if (bytes === undefined) throw damaged('it ends within a header')
    await this.#source.skip(tarPadding(sizeBytes))
    return bytes
  }

  #longName(bytes: Uint8Array): string {
    const end = bytes.indexOf(0)
    const name = utf8Decode(end < 0 ? bytes : bytes.subarray(0, end))
    if (name === undefined) throw damaged('a name is not UTF-8')
    return name
  }

  #member(header: TarHeader, extras: Extras): Member | 'passed-over' {
    const name = extras.path ?? header.name
    const { type } = header
    const isFile = (type === '0' || type === '7') && !name.endsWith('/')
    // A header of something else may state a size without having content.
    const hasContent = isFile || !/[1-6]/.test(type)
    const sizeBytes = hasContent ? (extras.sizeBytes ?? header.sizeBytes) : 0
    this.#name = name
    this.#guard.addMember()
    if (type === 'S') throw damaged('sparse files are not supported', name)
    const offset = this.#source.position
    this.#behind = offset + sizeBytes + tarPadding(sizeBytes)
    if (!Number.isSafeInteger(this.#behind)) throw damaged(`size ${sizeBytes} is too large`, name)
    if (!isFile) return 'passed-over'
    checkMemberName(name)
    const mtimeSeconds = extras.mtimeSeconds ?? header.mtimeSeconds
    return {
      name,
      sizeBytes,
      mtimeSeconds,
      offset,
      content: () => this.#content(name, offset + sizeBytes),
    }
  }

  async *#content(name: string, end: number): AsyncGenerator<Uint8Array> {
    while (this.#source.position < end) {
      const part = await this.#source.some(Math.min(end - this.#source.position, pieceBytes))
      if (part === undefined) throw damaged(`it ends within its content`, name)
      yield part
    }
  }

  async close(): Promise<void> {
    this.#ended = true
    await this.#source.close()
  }
}
