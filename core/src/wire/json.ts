import { compareUtf8, utf8Decode } from '../algorithms/utf8.ts'
import { AisError } from '../errors/ais-error.ts'

export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonObject

/** A parsed object has no prototype: `constructor` is a key like any other, and an absent key is `undefined`. */
export interface JsonObject {
  [key: string]: JsonValue
}

/** Deepest nesting of arrays and objects that is read. @see reliability: JSON depth 64 */
export const jsonDepthMax = 64

/**
 * Reads JSON without losing what crosses the network: an integer beyond 2^53 becomes a `bigint`, every other
 * number a `number`. Objects have no prototype. A key given twice keeps its last value, as in Go.
 * @throws AisError `ErrBadRequest` malformed text, a number outside the double range, a lone surrogate,
 * nesting past `jsonDepthMax`, or the key `__proto__`
 */
export function parseJson(text: string): JsonValue {
  const reader = new Reader(text)
  const value = reader.value(0)
  reader.end()
  return value
}

/** `parseJson` of UTF-8 bytes. @throws AisError `ErrBadRequest` also for invalid UTF-8 */
export function parseJsonBytes(bytes: Uint8Array): JsonValue {
  const text = utf8Decode(bytes)
  if (text === undefined) throw new AisError('ErrBadRequest', 'invalid JSON: not valid UTF-8')
  return parseJson(text)
}

/** A JSON object, as opposed to an array or a scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Sticky expressions keep a position, so each reader makes its own.
const numberSource = '-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?'

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

class Reader {
  readonly #text: string
  #at = 0
  readonly #number = new RegExp(numberSource, 'y')

  constructor(text: string) {
    this.#text = text
  }

  value(depth: number): JsonValue {
    if (depth > jsonDepthMax) throw this.#fail(`nested deeper than ${jsonDepthMax}`)
    this.#space()
    const char = this.#text[this.#at]
    switch (char) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case 't':
        return this.#word('true', true)
      case 'f':
        return this.#word('false', false)
      case 'n':
        return this.#word('null', null)
      default:
        return this.#numeral()
    }
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.#fail('trailing characters')
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = Object.create(null)
    this.#at++
    this.#space()
    if (this.#text[this.#at] === '}') {
      this.#at++
      return object
    }
    for (;;) {
      this.#space()
      if (this.#text[this.#at] !== '"') throw this.#fail('expected a key')
      const key = this.#string()
      if (key === '__proto__') throw this.#fail('key "__proto__" is not allowed')
      this.#space()
      if (this.#text[this.#at] !== ':') throw this.#fail(`expected ":" after "${key}"`)
      this.#at++
      object[key] = this.value(depth + 1)
      if (this.#more('}')) return object
    }
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = []
    this.#at++
    this.#space()
    if (this.#text[this.#at] === ']') {
      this.#at++
      return items
    }
    for (;;) {
      items.push(this.value(depth + 1))
      if (this.#more(']')) return items
    }
  }

  /** After an element: `false` when a comma says that another follows. */
  #more(close: string): boolean {
    this.#space()
    const char = this.#text[this.#at]
    if (char !== ',' && char !== close) throw this.#fail(`expected "," or "${close}"`)
    this.#at++
    return char === close
  }

  #string(): string {
    const text = this.#text
    let start = this.#at + 1
    let built = ''
    let surrogates = false
    for (let at = start; ; at++) {
      const unit = text.charCodeAt(at)
      if (unit === 0x22) {
        this.#at = at + 1
        built += text.slice(start, at)
        if (surrogates && !isWellFormed(built)) throw this.#fail('lone surrogate in a string')
        return built
      }
      if (unit === 0x5c) {
        built += text.slice(start, at)
        this.#at = at
        const letter = text[at + 1] ?? ''
        if (letter === 'u') {
          const digits = text.slice(at + 2, at + 6)
          if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.#fail('bad \\u escape')
          built += String.fromCharCode(Number.parseInt(digits, 16))
          surrogates = true
          at += 5
        } else {
          const char = escapes[letter]
          if (char === undefined) throw this.#fail('bad escape')
          built += char
          at += 1
        }
        start = at + 1
      } else if (!(unit >= 0x20)) {
        // also NaN: the text ended
        this.#at = at
        throw this.#fail(
          at >= text.length ? 'unterminated string' : 'control character in a string',
        )
      } else if (unit >= 0xd800) surrogates = true
    }
  }

  #numeral(): number | bigint {
    this.#number.lastIndex = this.#at
    const match = this.#number.exec(this.#text)
    if (match === null) {
      throw this.#fail(
        this.#at >= this.#text.length ? 'unexpected end (EOF)' : 'unexpected character',
      )
    }
    this.#at = this.#number.lastIndex
    const [digits, fraction, exponent] = match
    const value = Number(digits)
    if (!Number.isFinite(value)) throw this.#fail(`number ${digits.slice(0, 32)} out of range`)
    const integer = fraction === undefined && exponent === undefined
    return integer && !Number.isSafeInteger(value) ? this.#big(digits) : value
  }

  #big(digits: string): bigint {
    // Converting n digits costs n^2; no field of ours is wider than 64 bits.
    if (digits.length > 40) throw this.#fail('integer too long')
    return BigInt(digits)
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fail('unexpected character')
    this.#at += word.length
    return value
  }

  #space(): void {
    for (;;) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return
      this.#at++
    }
  }

  #fail(what: string): AisError {
    return new AisError('ErrBadRequest', `invalid JSON: ${what} at position ${this.#at}`)
  }
}

/** `true` when every surrogate of `text` has its partner, so that it can become UTF-8. */
export function isWellFormed(text: string): boolean {
  return !/[\ud800-\udfff]/u.test(text)
}

/**
 * Writes JSON the way Go does: keys of an object as they stand, keys of a `Map` sorted by their bytes, no
 * spaces, HTML characters as they are, a `bigint` as a bare number. `undefined` members are left out.
 * @throws TypeError for a value JSON cannot say (NaN, a function): a mistake of ours
 */
export function stringifyJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`not a JSON number: ${value}`)
      return String(value)
    case 'bigint':
      return value.toString()
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      throw new TypeError(`not a JSON value: ${typeof value}`)
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) return `[${value.map((v) => stringifyJson(v ?? null)).join(',')}]`
  let members = ''
  for (const [key, member] of membersOf(value)) {
    if (member === undefined) continue
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${stringifyJson(member)}`
  }
  return `{${members}}`
}

function membersOf(value: object): readonly (readonly [string, unknown])[] {
  if (!(value instanceof Map)) return Object.entries(value)
  return [...value].sort(([a], [b]) => compareUtf8(String(a), String(b)))
}
