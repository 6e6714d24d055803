import type { FileSystem } from '@aistore-ts/core/ports/file-system.ts'
import type { Random } from '@aistore-ts/core/ports/random.ts'
import { encodeHex } from '../../catalog/encoding.ts'
import { systemFolder } from '../buckets/bucket-folder.ts'
import { storeText } from './store-text.ts'

const pattern = /^(mp-[0-9a-f]{16})\n$/

/** The ID of the mountpath at `path`; `undefined` when it has none yet. */
export async function findMountpathId(
  files: FileSystem,
  path: string,
): Promise<string | undefined> {
  const text = await files.readText(`${path}/${systemFolder}/id`)
  return pattern.exec(text ?? '')?.[1]
}

/**
 * The ID of the mountpath at `path`, made and kept when there is none.
 * @param remembered what the catalog says, for when the file is lost
 */
export async function ensureMountpathId(
  files: FileSystem,
  random: Random,
  path: string,
  remembered: string | undefined,
): Promise<string> {
  const found = await findMountpathId(files, path)
  if (found !== undefined) return found
  const id = remembered ?? `mp-${encodeHex(random.bytes(8))}`
  await storeText(files, `${path}/${systemFolder}/id`, `${id}\n`)
  return id
}
