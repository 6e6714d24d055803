import { createHash, createHmac } from 'node:crypto'

/** Seconds that it is good for. */
const expiresS = 600

/** The URL of a GET that is signed in its query. @param path encoded */
export function presignedUrl(
  endpoint: string,
  path: string,
  pair: { readonly access_key: string; readonly secret_key: string },
  at = new Date(),
): string {
  const amzDate = at.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = amzDate.slice(0, 8)
  const scope = `${day}/us-east-1/s3/aws4_request`
  const query = [
    'X-Amz-Algorithm=AWS4-HMAC-SHA256',
    `X-Amz-Credential=${encodeURIComponent(`${pair.access_key}/${scope}`)}`,
    `X-Amz-Date=${amzDate}`,
    `X-Amz-Expires=${expiresS}`,
    'X-Amz-SignedHeaders=host',
  ].join('&')
  const host = new URL(endpoint).host
  const request = `GET\n${path}\n${query}\nhost:${host}\n\nhost\nUNSIGNED-PAYLOAD`
  const digest = createHash('sha256').update(request).digest('hex')
  const mac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const key = ['us-east-1', 's3', 'aws4_request'].reduce<Buffer>(
    mac,
    mac(`AWS4${pair.secret_key}`, day),
  )
  const text = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${digest}`
  return `${endpoint}${path}?${query}&X-Amz-Signature=${mac(key, text).toString('hex')}`
}
