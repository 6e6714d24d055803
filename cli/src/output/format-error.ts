import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { NetworkError } from '@aistore-ts/sdk/errors/network-error.ts'
import { CommandError } from '../arguments/usage-error.ts'
import type { Colors } from './terminal.ts'

/** Where the text of an unreachable cluster finds what to name. */
export interface ErrorPlace {
  readonly endpoint: string
  readonly configFile: string
}

/** Errors that mean "nobody is there", as opposed to a transfer that broke. */
const unreachableCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** What standard error shows for a failure: one line, a red tag, hints below. */
export function formatError(error: unknown, colors: Colors, place: ErrorPlace): string {
  if (isUnreachable(error)) {
    return tagged(
      `AIStore cannot be reached at ${place.endpoint}\n` +
        `Make sure that environment 'AIS_ENDPOINT' has the address of any AIS gateway (proxy).\n` +
        `For defaults, see CLI config at ${place.configFile} or run \`ais show config cli\`.`,
      colors,
    )
  }
  if (error instanceof CommandError) {
    return tagged(error.message, colors) + (error.details === '' ? '' : `\n${error.details}`)
  }
  return tagged(messageOf(error), colors)
}

/** The server's words with its error type in front, as upstream prints them. */
export function messageOf(error: unknown): string {
  if (error instanceof AisClientError) {
    const hint =
      error.status === 401 && error.message.includes('token required')
        ? "\n(Hint: log in with AuthN ('ais auth login USER -p PASSWORD') or provide a token in 'AIS_AUTHN_TOKEN' or 'AIS_AUTHN_TOKEN_FILE')"
        : ''
    return `${error.tcode === '' ? '' : `${error.tcode}: `}${error.message}${hint}`
  }
  if (error instanceof NetworkError) return `NetworkError: ${error.message} (${error.url})`
  if (error instanceof Error) return error.message
  return String(error)
}

export function isUnreachable(error: unknown): boolean {
  return error instanceof NetworkError && unreachableCodes.has(error.code)
}

/** A leading `SomethingError:` is the tag; otherwise `Error: ` is put in front. */
function tagged(text: string, colors: Colors): string {
  const match = /^[A-Za-z]+Error:/.exec(text)
  if (match !== null && text.length > match[0].length + 4) {
    return colors.red(match[0]) + text.slice(match[0].length)
  }
  return colors.red('Error: ') + text.replace(/\n+$/, '')
}
