import type { BatchEntry } from '@aistore-ts/sdk/batch.ts'
import { isFields } from '@aistore-ts/sdk/decode.ts'
import { findProvider } from '@aistore-ts/sdk/names/bck.ts'
import { CommandError } from '../../arguments/usage-error.ts'

/** Text of a field of the specification, when it is there. @throws CommandError naming it */
function textIn(entry: Record<string, unknown>, name: string, at: number): string | undefined {
  const value = entry[name]
  if (value === undefined || typeof value === 'string') return value
  throw new CommandError(`specification: "in.${at}.${name}": expecting a text`)
}

function numberIn(entry: Record<string, unknown>, name: string, at: number): number | undefined {
  const value = entry[name]
  if (value === undefined || typeof value === 'number') return value
  throw new CommandError(`specification: "in.${at}.${name}": expecting a number`)
}

async function readSpec(text: string, file: string): Promise<unknown> {
  try {
    // Also YAML, and read a good deal quicker.
    return JSON.parse(text)
  } catch {
    const { parse } = await import('yaml')
    try {
      return parse(text)
    } catch (error) {
      throw new CommandError(
        `${file}: the specification is neither JSON nor YAML: ${String(error)}`,
      )
    }
  }
}

/**
 * Entries of a request as the API has it, in JSON or YAML: `{"in": [{"objname", "bucket"?, "provider"?, "archpath"?, "start"?, "length"?}]}`.
 * @param file where the text is from, for refusals
 * @throws CommandError naming the field
 */
export async function batchEntries(text: string, file: string): Promise<BatchEntry[]> {
  const spec = await readSpec(text, file)
  const list = isFields(spec) ? spec.in : undefined
  if (!Array.isArray(list)) {
    throw new CommandError(`${file}: the specification lacks "in", the list of what is wanted`)
  }
  return list.map((entry: unknown, at): BatchEntry => {
    const name = isFields(entry) ? textIn(entry, 'objname', at) : undefined
    if (!isFields(entry) || name === undefined) {
      throw new CommandError(`${file}: "in.${at}.objname" is missing`)
    }
    const bucket = textIn(entry, 'bucket', at)
    const provider = textIn(entry, 'provider', at) ?? 'ais'
    const known = findProvider(provider)
    if (known === undefined) {
      throw new CommandError(`${file}: "in.${at}.provider": unknown ${JSON.stringify(provider)}`)
    }
    const namespace = { uuid: '', name: '' }
    return {
      name,
      bck: bucket === undefined ? undefined : { name: bucket, provider: known, namespace },
      archivePath: textIn(entry, 'archpath', at),
      start: numberIn(entry, 'start', at),
      length: numberIn(entry, 'length', at),
    }
  })
}
