import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { AskCluster } from './ask-cluster.ts'

/** An access key with its secret, as the launcher holds it for a moment. */
export interface KeyPair {
  readonly accessKey: string
  readonly secretKey: string
}

/** User of the first key pair: may do everything. */
const firstUser = 'admin'

const pairSchema = z.object({ access_key: z.string(), secret_key: z.string() })
const listSchema = z.array(z.object({ access_key: z.string() }))
const usersSchema = z.array(z.object({ id: z.string() }))

/** Reads and writes the form that the AWS tools keep their credentials in. */
function parsePair(text: string, path: string): KeyPair {
  const field = (name: string) =>
    new RegExp(`^\\s*${name}\\s*=\\s*(\\S+)\\s*$`, 'm').exec(text)?.[1]
  const accessKey = field('aws_access_key_id')
  const secretKey = field('aws_secret_access_key')
  if (accessKey !== undefined && secretKey !== undefined) return { accessKey, secretKey }
  throw new Error(`--credentials ${path}: expecting aws_access_key_id and aws_secret_access_key`)
}

/** @returns `undefined` when there is no such file @throws Error when others may read it, or it holds something else */
export async function readPair(path: string): Promise<KeyPair | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return undefined
  if ((found.mode & 0o077) !== 0) {
    throw new Error(`--credentials ${path}: others may read it; expecting mode 0600`)
  }
  return parsePair(await readFile(path, 'utf8'), path)
}

async function writePair(path: string, { accessKey, secretKey }: KeyPair): Promise<void> {
  const text = `[default]\naws_access_key_id = ${accessKey}\naws_secret_access_key = ${secretKey}\n`
  await writeFile(path, text, { mode: 0o600, flag: 'wx' })
  await chmod(path, 0o600)
}

/**
 * The first key pair of a cluster, of the user `admin`: drawn when the cluster has no user yet, or the one that `file`
 * fixes, whatever the cluster had under that ID. A file that is not there is written.
 * @returns `undefined` when nothing was made
 * @throws Error the cluster refused; as `readPair`
 */
export async function firstPair(
  cluster: AskCluster,
  file: string | undefined,
): Promise<KeyPair | undefined> {
  const ask: AskCluster = (method, path, body) =>
    cluster(method, `/v1/credentials/${path}`, body).catch((cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`the first key pair was not made: ${why}`, { cause })
    })

  const users = usersSchema.parse(await ask('GET', 'users'))
  const fixed = file === undefined ? undefined : await readPair(file)
  if (fixed === undefined && file === undefined && users.length > 0) return undefined
  if (!users.some(({ id }) => id === firstUser)) {
    await ask('POST', 'users', { id: firstUser, permissions: { admin: true } })
  }
  if (fixed === undefined) {
    const made = pairSchema.parse(await ask('POST', 'keys', { user: firstUser }))
    const pair = { accessKey: made.access_key, secretKey: made.secret_key }
    if (file !== undefined) await writePair(file, pair)
    return pair
  }
  const keys = listSchema.parse(await ask('GET', 'keys'))
  if (keys.some(({ access_key }) => access_key === fixed.accessKey)) {
    await ask('DELETE', `keys/${encodeURIComponent(fixed.accessKey)}`)
  }
  const { accessKey: access_key, secretKey: secret_key } = fixed
  await ask('POST', 'keys', { user: firstUser, access_key, secret_key })
  return fixed
}
