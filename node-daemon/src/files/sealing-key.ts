import { randomBytes } from 'node:crypto'
import { chmod, link, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBase64 } from '@aistore-ts/core/algorithms/base64.ts'
import { fromHex, toHex } from '@aistore-ts/core/algorithms/hex.ts'
import { sealingKeyBytes } from '@aistore-ts/core/cluster/key-ring.ts'
import { makeFolder } from './make-folder.ts'

/** File beside a node's configuration, or in the data folder of a cluster of one machine. */
export const sealingKeyFile = 'credentials.key'

type Environment = Readonly<Record<string, string | undefined>>

/** 64 hex digits, or base64 of 32 bytes; the text itself is in no message. */
function parseKey(text: string, source: string): Uint8Array {
  const bare = text.trim()
  const key = bare.length === 2 * sealingKeyBytes ? fromHex(bare) : fromBase64(bare)
  if (key?.length === sealingKeyBytes) return key
  throw new Error(`${source}: expecting ${sealingKeyBytes} bytes as 64 hex digits or in base64`)
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if ((found.mode & 0o077) !== 0) {
    throw new Error(`${path}: others may read it; expecting mode 0400 (chmod 0400 ${path})`)
  }
  return parseKey(await readFile(path, 'utf8'), path)
}

/** Nobody ever sees half a key: it is written beside its name and linked to it. */
async function makeKey(folder: string, path: string): Promise<Uint8Array> {
  await makeFolder(folder)
  const draft = `${path}.${process.pid}`
  await writeFile(draft, `${toHex(randomBytes(sealingKeyBytes))}\n`, { mode: 0o400, flag: 'wx' })
  try {
    await chmod(draft, 0o400)
    await link(draft, path)
  } finally {
    await unlink(draft)
  }
  const key = await readKey(path)
  if (key === undefined) throw new Error(`${path}: it was made and is gone`)
  return key
}

/**
 * The key that secrets of access keys are sealed with, from `AIS_CREDENTIALS_KEY`, from the file that
 * `AIS_CREDENTIALS_KEY_FILE` names, or else from `credentials.key` in `folder`.
 * @param make whether a missing file is made in `folder`
 * @returns `undefined` when there is none: nothing can be sealed or verified then
 * @throws Error naming the variable or file that holds something else, or that others may read
 */
export async function loadSealingKey(
  folder: string,
  env: Environment,
  make: boolean,
): Promise<Uint8Array | undefined> {
  const { AIS_CREDENTIALS_KEY: text = '', AIS_CREDENTIALS_KEY_FILE: file = '' } = env
  if (text !== '') return parseKey(text, 'AIS_CREDENTIALS_KEY')
  if (file !== '') {
    const key = await readKey(file)
    if (key === undefined) throw new Error(`AIS_CREDENTIALS_KEY_FILE: there is no file ${file}`)
    return key
  }
  const path = join(folder, sealingKeyFile)
  const known = await readKey(path)
  return known === undefined && make ? makeKey(folder, path) : known
}
