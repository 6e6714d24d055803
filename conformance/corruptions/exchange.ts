/** One header line as it travels: the name in the sender's own spelling. */
export type RawHeader = readonly [name: string, value: string]

/** A request on its way through the proxy. */
export interface Asked {
  readonly method: string
  /** Path and query, as they travel. */
  readonly target: string
  readonly headers: readonly RawHeader[]
  readonly body: Buffer
}

/** An answer on its way back. */
export interface Answered {
  readonly status: number
  readonly headers: readonly RawHeader[]
  readonly body: Buffer
}

type Message = Asked | Answered

/** The value of the first line of that name (lower case), or undefined. */
export function header(message: Message, name: string): string | undefined {
  return message.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

/** With every line of that name (lower case) changed; a line that becomes undefined is left out. */
export function withHeader<M extends Message>(
  message: M,
  name: string,
  change: (value: string) => string | undefined,
): M {
  const headers = message.headers.flatMap(([key, value]): RawHeader[] => {
    if (key.toLowerCase() !== name) return [[key, value]]
    const changed = change(value)
    return changed === undefined ? [] : [[key, changed]]
  })
  return { ...message, headers }
}

/** With another body; a length that was declared is the new one's. */
export function withBody<M extends Message>(message: M, body: Buffer): M {
  return { ...withHeader(message, 'content-length', () => String(body.length)), body }
}

/** The path of a request, without its query. */
export function pathOf(asked: Asked): string {
  return asked.target.split('?', 1)[0] ?? ''
}
