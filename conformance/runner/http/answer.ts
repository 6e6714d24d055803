/** One header line, in the order it arrived; names in lower case, values decoded as UTF-8. */
export type HeaderLine = readonly [name: string, value: string]

/** An answer as it came over the wire. */
export interface Answer {
  /** 0 when the connection was closed without one. */
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly body: Buffer
  /** What was asked, as it is known at the end of all redirects. */
  readonly method: string
  readonly url: string
}

/** All lines of a header. */
export function headerLines(answer: Answer, name: string): string[] {
  return answer.headers.filter(([key]) => key === name).map(([, value]) => value)
}

/** The value of a header with its lines joined by `, `, or undefined. */
export function findHeader(answer: Answer, name: string): string | undefined {
  const lines = headerLines(answer, name)
  return lines.length === 0 ? undefined : lines.join(', ')
}

/** Header bytes travel as Latin-1 in `node:http`; names and values here are UTF-8. */
export function decodeHeaderText(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8')
}
