import { CommandError } from './usage-error.ts'

/**
 * Reads `KEY=VALUE ...`, `KEY VALUE` for a single pair, or one JSON object (flattened to dotted keys).
 * @throws CommandError naming the argument that is none of these
 */
export function parseKeyValues(args: readonly string[]): [key: string, value: string][] {
  const [first = '', second] = args
  if (args.length === 1 && first.trimStart().startsWith('{')) return flatten(parseJson(first))
  if (args.length === 2 && second !== undefined && !first.includes('=') && !second.includes('=')) {
    return [[first, second]]
  }
  return args.map((arg) => {
    const at = arg.indexOf('=')
    if (at <= 0) throw new CommandError(`invalid key=value pair ${JSON.stringify(arg)}`)
    return [arg.slice(0, at), arg.slice(at + 1)]
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CommandError(`invalid JSON: ${error instanceof Error ? error.message : text}`)
  }
}

/** `{a: {b: 1}}` to `a.b=1`. */
export function flatten(value: unknown, path = ''): [key: string, value: string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [[path, leafText(value)]]
  }
  return Object.entries(value).flatMap(([key, item]) =>
    flatten(item, path === '' ? key : `${path}.${key}`),
  )
}

function leafText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
}
