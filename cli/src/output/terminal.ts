import { createInterface, type Interface } from 'node:readline'

/** Where a command writes and whom it asks. */
export interface Terminal {
  /** Results. */
  out(text: string): void
  /** Errors, warnings, notes. */
  err(text: string): void
  /** One line of the user's, without its end; `undefined` at the end of the input. */
  ask(question: string): Promise<string | undefined>
  stdin(): AsyncIterable<Uint8Array>
  /** Raw bytes to standard output, with back-pressure. */
  write(bytes: Uint8Array): Promise<void>
  /** Is standard output a screen, so that lines may be redrawn? */
  readonly screen: boolean
  readonly colors: Colors
}

/** Marks text; every function returns it unchanged when colours are off. */
export interface Colors {
  red(text: string): string
  cyan(text: string): string
  blue(text: string): string
}

export function createColors(on: boolean): Colors {
  const paint = (code: number) => (text: string) => (on ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { red: paint(91), cyan: paint(96), blue: paint(94) }
}

/** The terminal of this process. Colours go to a screen only, never with `noColor` or `NO_COLOR`. */
export function processTerminal(noColor: boolean): Terminal {
  const screen = process.stdout.isTTY === true
  const plain = noColor || (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb'
  return {
    screen,
    colors: createColors(screen && !plain),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    stdin: () => process.stdin,
    write(bytes) {
      if (process.stdout.write(bytes)) return Promise.resolve()
      return new Promise((resolve) => process.stdout.once('drain', resolve))
    },
    ask: askAtTerminal(),
  }
}

/** Questions share one reader of the input: another one would miss the lines that the first has taken already. */
function askAtTerminal(): Terminal['ask'] {
  const typed: string[] = []
  let lines: Interface | undefined
  let isOver = false
  let wake: () => void = () => undefined
  function open(): Interface {
    const opened = createInterface({ input: process.stdin, output: process.stdout })
    opened.on('line', (line) => {
      typed.push(line)
      wake()
    })
    opened.once('close', () => {
      isOver = true
      wake()
    })
    // Readline keeps Ctrl-C to itself; the process is to hear of it.
    opened.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
    return opened
  }
  return async (question) => {
    lines ??= open()
    if (isOver || typed.length > 0) process.stdout.write(question)
    else {
      lines.setPrompt(question)
      lines.prompt()
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    // A reader that waits would keep the process from ending.
    if (!isOver) lines.pause()
    return typed.shift()
  }
}
