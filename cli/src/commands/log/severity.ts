import { flag } from '../../arguments/flag-spec.ts'
import { CommandError } from '../../arguments/usage-error.ts'

export const severityFlag = flag.text('severity', 'i (info), w (warning) or e (error)')

const severities = { i: 'info', w: 'warning', e: 'error' } as const

/** By its first letter. @throws CommandError */
export function parseSeverity(text: string | undefined) {
  if (text === undefined) return undefined
  const letter = text.slice(0, 1).toLowerCase()
  if (letter === 'i' || letter === 'w' || letter === 'e') return severities[letter]
  throw new CommandError(
    `invalid severity ${JSON.stringify(text)}: expecting "i" (info), "w" (warning) or "e" (error)`,
  )
}
