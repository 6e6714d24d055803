import { createHmac } from 'node:crypto'
import { presign, type Signer, signingKey } from '../fuzz/sign.ts'
import type { Setting } from './client.ts'

const goodSeconds = 300

function signerNow({ accessKey, secretKey }: Setting): Signer {
  return { accessKey, secretKey, time: new Date().toISOString().replace(/[-:]|\.\d+/g, '') }
}

/** A presigned URL of an object. */
export function signedUrl(setting: Setting, method: string, key: string): string {
  const { endpoint, bucket } = setting
  const target = `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
  const headers = [['host', new URL(endpoint).host]] as const
  const request = { method, target, headers: [...headers], body: Buffer.alloc(0) }
  return endpoint + presign(request, signerNow(setting), goodSeconds).target
}

/** Fields of a form for `key` with at most `bytesMax` of file, signed by version 4. @see Amazon S3, PostObject */
export function formFields(
  setting: Setting,
  doneUrl: string,
  key: string,
  bytesMax: number,
): Readonly<Record<string, string>> {
  const signer = signerNow(setting)
  const fields = {
    key,
    'Content-Type': 'text/plain',
    success_action_redirect: doneUrl,
    'x-amz-algorithm': 'AWS4-HMAC-SHA256',
    'x-amz-credential': `${signer.accessKey}/${signer.time.slice(0, 8)}/us-east-1/s3/aws4_request`,
    'x-amz-date': signer.time,
  }
  const conditions = [
    { bucket: setting.bucket },
    ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
    ['content-length-range', 1, bytesMax],
  ]
  const expiration = new Date(Date.now() + goodSeconds * 1_000).toISOString()
  const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64')
  const signature = createHmac('sha256', signingKey(signer)).update(policy).digest('hex')
  return { ...fields, policy, 'x-amz-signature': signature }
}
