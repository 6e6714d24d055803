import { isFields, textOf } from '@aistore-ts/sdk/decode.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import type { PutOptions } from '@aistore-ts/sdk/object-handle.ts'
import type { Context } from '../command.ts'
import { checksumFlags } from '../commands/object/put-flags.ts'
import { fileChecksum } from './compute-checksum.ts'

type ChecksumOption = PutOptions['checksum']

/**
 * How the checksum of each file is found: given by a flag, computed in the bucket's type (`--compute-checksum`), or
 * not at all.
 */
export async function planChecksum(
  context: Context,
  bck: Bck,
): Promise<(path: string) => Promise<ChecksumOption>> {
  const { flags, client } = context
  if (flags.has('compute-checksum')) {
    const props = await client.bucket(bck).head({ signal: context.signal })
    const type = isFields(props.checksum) ? textOf(props.checksum.type) : 'none'
    return async (path) => checksum(type, type === 'none' ? '' : await fileChecksum(path, type))
  }
  for (const type of checksumFlags) {
    const value = flags.text(type)
    if (value !== undefined) return () => Promise.resolve({ type, value })
  }
  return () => Promise.resolve(undefined)
}

function checksum(type: string, value: string): ChecksumOption {
  const known = checksumFlags.find((each) => each === type)
  return known === undefined ? undefined : { type: known, value }
}
