import { parseDurationMs } from '../format/duration.ts'
import { parseSize, type Units } from '../format/size.ts'
import type { FlagSpec } from './flag-spec.ts'
import { UsageError } from './usage-error.ts'

/** A command line without its command: what stands alone, and the flags by their long names. */
export interface ParsedArguments {
  readonly positionals: readonly string[]
  readonly flags: Flags
}

/**
 * Reads arguments by the grammar of upstream's `ais`: `--name v`, `--name=v`, one dash or two, flags before or
 * after the rest, `--` ends them, `-` alone is an argument. A switch takes no value but `=true` or `=false`.
 * @throws UsageError for an unknown flag or a bad value
 */
export function parseArguments(
  args: readonly string[],
  specs: readonly FlagSpec[],
): ParsedArguments {
  const byName = new Map(specs.flatMap((spec) => spec.names.map((name) => [name, spec] as const)))
  const positionals: string[] = []
  const values = new Map<string, string>()
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? ''
    if (arg === '--') {
      positionals.push(...args.slice(at + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg)
      continue
    }
    const { name, inline } = splitFlag(arg)
    const spec = byName.get(name)
    if (spec === undefined && /^-\d+$/.test(arg)) {
      // A negative number, for the command to refuse in its own words.
      positionals.push(arg)
      continue
    }
    if (spec === undefined) throw new UsageError(`flag provided but not defined: -${name}`)
    if (spec.kind === 'switch') {
      values.set(spec.names[0], parseSwitch(name, inline ?? 'true'))
      continue
    }
    const value = inline ?? args[++at]
    if (value === undefined) throw new UsageError(`flag needs an argument: -${name}`)
    values.set(spec.names[0], value)
  }
  const flags = new Flags(values)
  // All of them before the command does anything.
  for (const spec of specs) checkValue(flags, spec)
  return { positionals, flags }
}

/** @throws UsageError when the value is none of its kind */
function checkValue(flags: Flags, { kind, names: [name] }: FlagSpec): void {
  if (kind === 'integer') flags.integer(name)
  else if (kind === 'size') flags.size(name)
  else if (kind === 'duration') flags.durationMs(name)
  else if (name === 'units') flags.units()
}

function splitFlag(arg: string) {
  const text = arg.replace(/^--?/, '')
  const equals = text.indexOf('=')
  return equals < 0
    ? { name: text, inline: undefined }
    : { name: text.slice(0, equals), inline: text.slice(equals + 1) }
}

function parseSwitch(name: string, value: string): string {
  if (/^(true|t|1)$/i.test(value)) return 'true'
  if (/^(false|f|0)$/i.test(value)) return 'false'
  throw new UsageError(`invalid boolean value ${JSON.stringify(value)} for -${name}`)
}

/** Values of the flags that were given, asked for by long name. */
export class Flags {
  readonly #values: ReadonlyMap<string, string>

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /** These, with a switch on. */
  with(name: string): Flags {
    return new Flags(new Map([...this.#values, [name, 'true']]))
  }

  /** Given at all (a switch: and on). */
  has(name: string): boolean {
    const value = this.#values.get(name)
    return value !== undefined && value !== 'false'
  }

  text(name: string): string | undefined {
    return this.#values.get(name)
  }

  /** @throws UsageError when it is no whole number */
  integer(name: string): number | undefined {
    const text = this.#values.get(name)
    if (text === undefined) return undefined
    if (/^-?\d+$/.test(text)) return Number(text)
    throw new UsageError(
      `invalid value ${JSON.stringify(text)} for flag -${name}: expecting a number`,
    )
  }

  /** Bytes. @throws UsageError */
  size(name: string): number | undefined {
    const text = this.#values.get(name)
    if (text === undefined) return undefined
    const bytes = parseSize(text, this.units())
    if (bytes !== undefined) return bytes
    throw new UsageError(
      `invalid value ${JSON.stringify(text)} for flag -${name}: expecting a size`,
    )
  }

  /** Ms; a bare number is seconds. @throws UsageError */
  durationMs(name: string): number | undefined {
    const text = this.#values.get(name)
    if (text === undefined) return undefined
    const ms = parseDurationMs(text)
    if (ms !== undefined) return ms
    throw new UsageError(
      `invalid value ${JSON.stringify(text)} for flag -${name}: expecting a duration, e.g. 10s`,
    )
  }

  /** What `--units` says. @throws UsageError */
  units(): Units {
    const text = this.#values.get('units') ?? 'iec'
    if (text === '' || text === 'iec') return 'iec'
    if (text === 'si' || text === 'raw') return text
    throw new UsageError(
      `--units=${text} is invalid: invalid "${text}" (expecting one of: iec, si, raw or "")`,
    )
  }
}
