import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { CommandError } from '../arguments/usage-error.ts'

/** Checksums that this tool can work out by itself. */
const hashNames: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha256: 'sha256',
  sha512: 'sha512',
}

export interface Checksummer {
  update(chunk: Uint8Array): void
  hex(): string
}

/** A running checksum, or `undefined` for a type that only the cluster computes. */
export function createChecksummer(type: string): Checksummer | undefined {
  const name = hashNames[type]
  if (name === undefined) return undefined
  const hash = createHash(name)
  return { update: (chunk) => void hash.update(chunk), hex: () => hash.digest('hex') }
}

/** The checksum of a file. @throws CommandError for a type that cannot be computed here */
export async function fileChecksum(path: string, type: string): Promise<string> {
  const checksummer = createChecksummer(type)
  if (checksummer === undefined) {
    throw new CommandError(`cannot compute ${type} on this side (can: md5, sha256, sha512)`)
  }
  for await (const chunk of createReadStream(path)) {
    if (chunk instanceof Uint8Array) checksummer.update(chunk)
  }
  return checksummer.hex()
}
