import { array, assert, asyncProperty, constantFrom, integer, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { S3Error } from '../s3-error.ts'
import { readForm } from './read-form.ts'

const contentType = 'multipart/form-data; boundary=line'

function part(name: string, value: string, more = ''): string {
  return `--line\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`
}

async function* inPieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  // One buffer for all pieces, as runtimes do it.
  const buffer = new Uint8Array(bytes.length)
  for (let i = 1; i < at.length; i++) {
    const piece = bytes.subarray(at[i - 1], at[i])
    buffer.set(piece)
    yield buffer.subarray(0, piece.length)
    buffer.fill(0)
  }
}

async function read(bytes: Uint8Array, cuts: readonly number[] = []) {
  const { fields, fileName, file } = await readForm(inPieces(bytes, cuts), contentType)
  const pieces: Uint8Array[] = []
  for await (const piece of file) pieces.push(new Uint8Array(piece))
  return { fields: Object.fromEntries(fields), fileName, file: Buffer.concat(pieces) }
}

async function outcome(text: string, type: string | undefined = contentType): Promise<string> {
  const form = await readForm(inPieces(new TextEncoder().encode(text), []), type).catch(codeOf)
  if (typeof form === 'string') return form
  try {
    for await (const _ of form.file);
    return 'read'
  } catch (error) {
    return codeOf(error)
  }
}

function codeOf(error: unknown): string {
  if (error instanceof S3Error) return error.s3Code
  throw error
}

describe('a form', () => {
  it('is the same however it comes', async () => {
    const around = (file: Uint8Array) =>
      Buffer.concat([
        Buffer.from(
          `${part('KEY', 'a/b')}${part('empty', '')}--line\r\nContent-Disposition: form-data; name="file"; filename="C:\\x\\y.txt"\r\n\r\n`,
        ),
        file,
        Buffer.from(`\r\n${part('behind', 'dropped')}--line--\r\n`),
      ])
    const pieces = constantFrom('\r\n', '--', 'line', '\r\n--lin', 'x', '\0')
    await assert(
      asyncProperty(array(pieces), array(integer({ min: 0, max: 10_000 })), async (texts, cuts) => {
        const file = Buffer.from(texts.join('').replaceAll('--line', '--lime'))
        const told = await read(around(file), cuts)
        expect(told.fields).toEqual({ key: 'a/b', empty: '' })
        expect(told.fileName).toBe('y.txt')
        expect(told.file.equals(file)).toBe(true)
      }),
    )
  })

  it('that is any bytes is read or refused', async () => {
    const valid = Buffer.from(
      `${part('key', 'a')}${part('file', 'text', '; filename="f"')}--line--\r\n`,
    )
    const places = array(integer({ min: 0, max: valid.length - 1 }), { minLength: 1, maxLength: 8 })
    await assert(
      asyncProperty(places, uint8Array({ minLength: 8, maxLength: 8 }), async (at, values) => {
        const mutated = Buffer.from(valid)
        for (const [i, place] of at.entries()) mutated[place] = values[i] ?? 0
        await read(mutated).catch(codeOf)
      }),
      { numRuns: 2_000 },
    )
  })

  it.each<[string, string, string | undefined, string]>([
    ['of another type', 'a=b', 'text/plain', 'PreconditionFailed'],
    ['without a boundary', 'a', 'multipart/form-data; a=b', 'MalformedPOSTRequest'],
    ['without a file', `${part('key', 'a')}--line--\r\n`, contentType, 'InvalidArgument'],
    ['cut in a field', part('key', 'a').slice(0, -3), contentType, 'MalformedPOSTRequest'],
    ['cut in its file', part('file', 'text').slice(0, -1), contentType, 'MalformedPOSTRequest'],
    [
      'with a field twice',
      `${part('a', '1')}${part('A', '2')}--line--\r\n`,
      contentType,
      'InvalidArgument',
    ],
    [
      'with fields too long',
      part('a', 'x'.repeat(15_000)) + part('b', 'x'.repeat(15_000)) + part('file', ''),
      contentType,
      'MaxPostPreDataLengthExceededError',
    ],
    [
      'with a field too long',
      part('a', 'x'.repeat(25_000)) + part('file', ''),
      contentType,
      'MaxPostPreDataLengthExceededError',
    ],
    [
      'with a name of an object of all objects',
      `${part('__proto__', 'x')}${part('file', '')}--line--\r\n`,
      contentType,
      'read',
    ],
    [
      'with a header of all objects',
      `--line\r\n__proto__: a\r\n__proto__: b\r\n\r\nx\r\n${part('file', '')}--line--\r\n`,
      contentType,
      'read',
    ],
  ])('%s', async (_, text, type, expected) => {
    expect(await outcome(text, type)).toBe(expected)
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})
