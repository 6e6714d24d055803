import { presign, type Signer, sign } from '../../tests/fuzz/sign.ts'

const pair = { access_key: 'BENCHBENCHBENCHBENCH', secret_key: 'secret-of-the-bench-that-is-none-' }

/** How long a signature of the bench is good, s: longer than any row. */
const goodSeconds = 86_400

async function post(endpoint: string, path: string, body: unknown): Promise<void> {
  const url = `${endpoint}/v1/credentials/${path}`
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!answer.ok && answer.status !== 409) {
    throw new Error(`POST ${url} gave ${answer.status}: ${await answer.text()}`)
  }
}

/** Makes the user that S3 is asked by. */
export async function makeS3User(endpoint: string): Promise<void> {
  await post(endpoint, 'users', { id: 'bench', permissions: { admin: true } })
  await post(endpoint, 'keys', { user: 'bench', ...pair })
}

function signerNow(): Signer {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  return { accessKey: pair.access_key, secretKey: pair.secret_key, time }
}

/** Path and query of a presigned call without subresource at a gateway. */
export function presignedPath(endpoint: string, method: string, path: string): string {
  const headers = [['host', new URL(endpoint).host]] as const
  const request = { method, target: `/s3${path}`, headers: [...headers], body: Buffer.alloc(0) }
  return presign(request, signerNow(), goodSeconds).target
}

/** A call with a signature in its headers; `body` is held to its SHA-256. */
export function signedHeaders(
  endpoint: string,
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
  body: Uint8Array,
): readonly (readonly [string, string])[] {
  const { host } = new URL(endpoint)
  const all = [['host', host] as const, ...headers]
  const signed = sign({ method, target: path, headers: all, body: Buffer.from(body) }, signerNow())
  return signed.headers.filter(([name]) => name !== 'host')
}
