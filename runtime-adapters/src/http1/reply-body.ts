import type { FileSlice, Reply, ReplyBody } from '@aistore-ts/core/ports/call.ts'

/** Length of a reply's body, where it is known without reading it. */
export function lengthOf(body: ReplyBody | undefined): number | undefined {
  if (body === undefined) return 0
  switch (body.kind) {
    case 'bytes':
      return typeof body.bytes === 'string' ? Buffer.byteLength(body.bytes) : body.bytes.byteLength
    case 'files':
      return body.slices.reduce((sum, slice) => sum + slice.length, 0)
    case 'stream':
      return body.lengthBytes
  }
}

/** Nothing follows the head of answers to HEAD, and of those whose status says so. */
export function isBare(method: string, status: number): boolean {
  return method === 'HEAD' || status === 204 || status === 304 || status < 200
}

/** The length that the head states. An answer to HEAD with neither a length of its own nor a body does not claim zero. */
export function statedLength(method: string, { status, body }: Reply): number | undefined {
  const unknown = isBare(method, status) && (method !== 'HEAD' || body === undefined)
  return unknown ? undefined : lengthOf(body)
}

/** Lets go of a body that will not be sent, or was. */
export function releaseBody(body: ReplyBody | undefined): void {
  if (body?.kind === 'files') closeFiles(body.slices)
  else if (body?.kind === 'stream') {
    Promise.resolve(body.chunks[Symbol.asyncIterator]().return?.()).catch(() => {})
  }
}

/** Closes each file of `slices` once. */
function closeFiles(slices: readonly FileSlice[]): void {
  const first = slices[0]
  if (first === undefined) return
  if (slices.length === 1) first.file.close()
  else for (const file of new Set(slices.map((slice) => slice.file))) file.close()
}
