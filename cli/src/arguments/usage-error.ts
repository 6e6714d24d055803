/** The command line is wrong: the message is followed by the command's usage. Exit code 1. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A failure to be told as it is, with nothing added but `Error: `. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** More lines, printed below the message. */
  readonly details: string

  constructor(message: string, details = '') {
    super(message)
    this.details = details
  }
}

/** @param args names of what is missing, as the usage line has them */
export function missingArguments(...args: readonly string[]): UsageError {
  const [only] = args
  if (args.length === 1 && only !== undefined && !only.includes(' ')) {
    return new UsageError(`missing ${JSON.stringify(only.replace(/^\[(.*)\]$/, '$1'))} argument`)
  }
  return new UsageError(`missing arguments ${JSON.stringify(args.join(', '))}`)
}
