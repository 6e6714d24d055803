import type { Call, Reply } from '../ports/call.ts'

/** The start of every browser's `User-Agent`. */
const browser = 'Mozilla/5.0'

/** Tokens of JSON: strings (kept whole), punctuation, anything between. */
const token = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^[\]{},:"\s]+/g

/** JSON text with line breaks and two spaces a level; numbers stay as they are written, however long. */
export function indentJson(text: string): string {
  let depth = 0
  let out = ''
  let before = ''
  const line = () => `\n${'  '.repeat(depth)}`
  for (const [part] of text.matchAll(token)) {
    const opens = before === '{' || before === '['
    if (part === '}' || part === ']') {
      depth -= 1
      out += opens ? part : line() + part
    } else if (part === ',') out += part
    else if (part === ':') out += ': '
    else {
      if (opens || before === ',') out += line()
      out += part
      if (part === '{' || part === '[') depth += 1
    }
    before = part
  }
  return `${out}\n`
}

/** JSON for a person at a browser is indented, as upstream does it; every other reply is unchanged. */
export function forBrowser(call: Call, reply: Reply): Reply {
  if (!(call.headers.get('user-agent') ?? '').startsWith(browser)) return reply
  const { body } = reply
  if (body?.kind !== 'bytes' || typeof body.bytes !== 'string') return reply
  const isJson = reply.headers.some(
    ([name, value]) => name === 'Content-Type' && value.startsWith('application/json'),
  )
  if (!isJson) return reply
  return {
    ...reply,
    headers: [
      ...reply.headers,
      ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
    ],
    body: { kind: 'bytes', bytes: indentJson(body.bytes) },
  }
}
