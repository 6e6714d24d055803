const headEnd = Buffer.from('\r\n\r\n')
const carriageReturn = 13
const lineFeed = 10

/** The lines of a request's head in what has arrived. */
export interface HeadBytes {
  /** Where the head begins: RFC 9112 2.2, empty lines before a request are none of it. */
  readonly from: number
  /** Where the empty line that ends it begins; negative when that is not here yet. */
  readonly end: number
  /** Length so far. */
  readonly sizeBytes: number
}

/** Looks for a head at the beginning of `rest`. */
export function findHead(rest: Buffer): HeadBytes {
  let from = 0
  while (rest[from] === carriageReturn && rest[from + 1] === lineFeed) from += 2
  const end = rest.indexOf(headEnd, from)
  return { from, end, sizeBytes: (end < 0 ? rest.byteLength : end) - from }
}

/** What comes after the head and its empty line, if anything does. */
export function afterHead(rest: Buffer, end: number): Buffer | undefined {
  const next = end + headEnd.byteLength
  return next === rest.byteLength ? undefined : rest.subarray(next)
}
