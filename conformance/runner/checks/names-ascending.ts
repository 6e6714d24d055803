import { parseExactJson } from '../codec/parse-exact-json.ts'
import { isJsonObject } from '../model/json-value.ts'
import type { Check } from './check.ts'

/** The names of a listing (JSON form) ascend strictly by their UTF-8 bytes. */
export const namesAscending: Check = (answer) => {
  const page = parseExactJson(answer.body.toString('utf8'))
  const entries = isJsonObject(page) ? page.entries : undefined
  if (!Array.isArray(entries)) return 'listing: no entries'
  const names = entries.map((entry: unknown) => {
    const name = isJsonObject(entry) ? entry.name : undefined
    return Buffer.from(typeof name === 'string' ? name : '', 'utf8')
  })
  for (let index = 1; index < names.length; index++) {
    const before = names[index - 1]
    const name = names[index]
    if (before !== undefined && name !== undefined && Buffer.compare(before, name) >= 0) {
      return `listing: ${before.toString('utf8')} stands before ${name.toString('utf8')}`
    }
  }
  return undefined
}
