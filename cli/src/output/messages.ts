import type { Context } from '../command.ts'

type Speaker = Pick<Context, 'terminal'>

/** `Warning: ...` on standard error. */
export function warn({ terminal }: Speaker, text: string): void {
  terminal.err(`${terminal.colors.cyan('Warning: ')}${text}\n`)
}

export function printLine({ terminal }: Speaker, text: string): void {
  terminal.out(`${text}\n`)
}

const yes = /^(y|yes|on|1|t|true)$/i
const no = /^(n|no|off|0|f|false)$/i

/** Asks until the answer can be read; a no is told, and so are no answer and an input that ends, as upstream's tool does. */
export async function confirm({ terminal }: Speaker, question: string): Promise<boolean> {
  for (;;) {
    const answer = (await terminal.ask(`${question} [Y/N]: `))?.trim() ?? ''
    if (yes.test(answer)) return true
    if (answer === '' || no.test(answer)) {
      terminal.out('Operation canceled.\n')
      return false
    }
    terminal.err("Invalid input! Choose 'Y' for 'Yes' or 'N' for 'No'\n")
  }
}

/** Asks for a word to be typed out; a no, and an input that ends, cancel. */
export async function confirmByWord({ terminal }: Speaker, word: string): Promise<boolean> {
  for (;;) {
    const answer = (await terminal.ask(`Type '${word}' to confirm (or 'N' to cancel): `))?.trim()
    if (answer === word) return true
    if (answer === undefined || answer === '' || no.test(answer)) {
      terminal.out('Operation canceled.\n')
      return false
    }
    terminal.err(`Invalid input! Type '${word}' to confirm or 'N' to cancel\n`)
  }
}
