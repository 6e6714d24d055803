/** What a bare server is told: a folder and a port. The name in a URL is its last path segment. */
export const dir = process.argv[2] ?? ''
export const port = Number(process.argv[3])

/** Last path segment of a request target, without the query. */
export function nameIn(target: string): string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A longer file is not read and written in one go. */
export const oneWriteBytesMax = 65_536
