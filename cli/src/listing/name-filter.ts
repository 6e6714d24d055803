import type { ListEntry } from '@aistore-ts/sdk/list-objects.ts'
import type { Flags } from '../arguments/parse-arguments.ts'
import { expandTemplate, parseTemplate } from '../arguments/template.ts'
import { CommandError } from '../arguments/usage-error.ts'
import { isInOrder } from './object-columns.ts'

export interface NameFilter {
  matches(entry: ListEntry): boolean
  /** The whole of a template without ranges: the cluster can select by it. */
  readonly prefix: string
}

/** What `--regex`, `--template` and the absence of `--all` let through. @throws CommandError */
export function nameFilter(flags: Flags): NameFilter {
  const tests: ((entry: ListEntry) => boolean)[] = []
  let prefix = ''
  if (!flags.has('all')) tests.push(isInOrder)
  const regex = flags.text('regex')
  if (regex !== undefined && regex !== '') {
    const pattern = parseRegex(regex)
    tests.push((entry) => pattern.test(entry.name))
  }
  const template = flags.text('template')
  if (template !== undefined && template !== '') {
    const parsed = parseTemplate(template)
    if (parsed.ranges.length === 0) prefix = parsed.prefix
    else {
      const names = new Set(expandTemplate(parsed))
      tests.push((entry) => names.has(entry.name))
    }
  }
  return { prefix, matches: (entry) => tests.every((test) => test(entry)) }
}

/** @throws CommandError */
export function parseRegex(text: string): RegExp {
  try {
    return new RegExp(text, 'u')
  } catch (error) {
    throw new CommandError(
      `invalid regular expression ${JSON.stringify(text)}: ${error instanceof Error ? error.message : ''}`,
    )
  }
}
