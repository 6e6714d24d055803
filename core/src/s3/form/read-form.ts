import { type MultipartError, make } from 'multipasta'
import { utf8Decode } from '../../algorithms/utf8.ts'
import { S3Error } from '../s3-error.ts'

/** Bytes of all fields before the file. Amazon's. */
const formFieldBytesMax = 20 * 1024
/** Parts of one form, those behind the file too. */
const partsMax = 1_000

/** A form up to its file, which is still on its way. */
export interface OpenForm {
  /** Names in lower case, none twice. */
  readonly fields: ReadonlyMap<string, string>
  /** As the browser names it, without folders; empty when it does not. */
  readonly fileName: string
  /** Can be read once. @throws S3Error `MalformedPOSTRequest` the form ends before the file does */
  readonly file: AsyncIterable<Uint8Array>
}

function malformed(error: MultipartError): S3Error {
  if (error._tag === 'ReachedLimit' && error.limit === 'MaxFieldSize') {
    return new S3Error('MaxPostPreDataLengthExceededError')
  }
  return new S3Error('MalformedPOSTRequest')
}

/** Parses as bytes are pushed; keeps what came of the file until it is asked for. */
class FormParser {
  readonly fields = new Map<string, string>()
  fileName = ''
  /** `ended`: whatever comes behind the file is of no interest. */
  file: 'awaited' | 'begun' | 'ended' = 'awaited'
  isDone = false
  #failure: S3Error | undefined
  #size = 0
  #pieces: Uint8Array[] = []
  readonly #parser

  constructor(contentType: string) {
    this.#parser = make({
      headers: { 'content-type': contentType },
      maxParts: partsMax,
      maxFieldSize: formFieldBytesMax,
      isFile: ({ name }) => name.toLowerCase() === 'file' || this.file !== 'awaited',
      onField: ({ name }, value) => this.#field(name.toLowerCase(), value),
      onFile: ({ filename = '' }) => {
        // What is behind the file is dropped as it comes.
        if (this.file !== 'awaited') return () => {}
        this.file = 'begun'
        this.fileName = filename.slice(filename.search(/[^/\\]*$/))
        return (piece) => {
          if (piece === null) this.file = 'ended'
          else this.#pieces.push(piece)
        }
      },
      onError: (error) => {
        this.#failure ??= malformed(error)
      },
      onDone: () => {
        this.isDone = true
      },
    })
    this.#check()
  }

  #field(name: string, value: Uint8Array): void {
    this.#size += name.length + value.length
    const text = utf8Decode(value)
    if (this.#size > formFieldBytesMax) {
      this.#failure ??= new S3Error('MaxPostPreDataLengthExceededError')
    } else if (text === undefined) this.#failure ??= new S3Error('MalformedPOSTRequest')
    else if (this.fields.has(name)) {
      this.#failure ??= new S3Error('InvalidArgument', {
        message: `The form has more than one field "${name}".`,
        fields: [['ArgumentName', name]],
      })
    } else this.fields.set(name, text)
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  /** @throws S3Error `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`, `InvalidArgument` */
  push(chunk: Uint8Array): void {
    try {
      // The parser keeps parts of it; the runtime may use the chunk again.
      this.#parser.write(new Uint8Array(chunk))
    } catch (cause) {
      throw new S3Error('MalformedPOSTRequest', { cause })
    }
    this.#check()
  }

  /** What came of the file since. */
  take(): readonly Uint8Array[] {
    const pieces = this.#pieces
    this.#pieces = []
    return pieces
  }
}

/**
 * Reads a form of `multipart/form-data` up to its file. The fields must come before it.
 * @throws S3Error `PreconditionFailed` another type; `MalformedPOSTRequest`, `MaxPostPreDataLengthExceededError`;
 * `InvalidArgument` a field twice, or no file
 */
export async function readForm(
  body: AsyncIterable<Uint8Array>,
  contentType: string | undefined,
): Promise<OpenForm> {
  if (contentType === undefined || !/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new S3Error('PreconditionFailed', {
      message: 'Bucket POST must be of the enclosure-type multipart/form-data',
    })
  }
  const parser = new FormParser(contentType)
  const chunks = body[Symbol.asyncIterator]()
  /** Whether there was more. */
  const pull = async (): Promise<boolean> => {
    const { done, value } = await chunks.next()
    if (done) return false
    parser.push(value)
    return true
  }
  while (parser.file === 'awaited') {
    if (!parser.isDone && (await pull())) continue
    if (!parser.isDone) throw new S3Error('MalformedPOSTRequest')
    throw new S3Error('InvalidArgument', {
      message: 'POST requires exactly one file upload per request.',
      fields: [['ArgumentName', 'file']],
    })
  }
  async function* file(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield* parser.take()
      if (parser.file === 'ended') break
      if (!(await pull())) throw new S3Error('MalformedPOSTRequest')
    }
    // What is left is read, so that the answer finds a client that listens.
    while (!parser.isDone && (await pull()));
  }
  return { fields: parser.fields, fileName: parser.fileName, file: file() }
}
