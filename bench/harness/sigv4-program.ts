// Verifies one signed GET over and over for the seconds given, and prints how many a second it were.

import { toHex } from '@aistore-ts/core/algorithms/hex.ts'
import {
  createSigningKeys,
  deriveDateKey,
  deriveSigningKey,
} from '@aistore-ts/core/s3/auth/signing-keys.ts'
import { verifyHeaderSignature } from '@aistore-ts/core/s3/auth/verify-signature.ts'
import { nodeCrypto } from '@aistore-ts/runtime-adapters/node/crypto.ts'
import { RawHeaderBlock } from '@aistore-ts/runtime-adapters/node/raw-header-block.ts'

/** Verifications between two looks at the clock. */
const batch = 1_000
const nowMs = Date.parse('2026-11-23T06:00:00Z')
const key = { id: 'AISBENCHBENCHBENCHXX' }
const secret = 'a secret of forty characters, none other'
const scope = { date: '20261123', region: 'us-east-1', text: '20261123/us-east-1/s3/aws4_request' }
const target = '/s3/bucket/some/key/of%20usual/length/000123.tar'
const empty = nodeCrypto.sha256Hex('')
const signed = 'host;x-amz-checksum-mode;x-amz-content-sha256;x-amz-date'

const canonical = `GET\n${target}\n\nhost:127.0.0.1:9000\nx-amz-checksum-mode:ENABLED\nx-amz-content-sha256:${empty}\nx-amz-date:20261123T060000Z\n\n${signed}\n${empty}`
const text = `AWS4-HMAC-SHA256\n20261123T060000Z\n${scope.text}\n${nodeCrypto.sha256Hex(canonical)}`
const signature = toHex(nodeCrypto.hmacSha256(deriveSigningKey(nodeCrypto, secret, scope), text))
const authorization = `AWS4-HMAC-SHA256 Credential=${key.id}/${scope.text}, SignedHeaders=${signed}, Signature=${signature}`
/** What boto3 sends with a GET. */
const lines = [
  ['Host', '127.0.0.1:9000'],
  ['Accept-Encoding', 'identity'],
  ['x-amz-checksum-mode', 'ENABLED'],
  ['User-Agent', 'Boto3/1.44 md/Botocore#1.44 ua/2.1 os/linux lang/python#3.13'],
  ['X-Amz-Date', '20261123T060000Z'],
  ['X-Amz-Content-SHA256', empty],
  ['Authorization', authorization],
  ['amz-sdk-invocation-id', '7c2d4f4e-29d5-4c1b-8d5b-2f3f1c1f8f20'],
  ['amz-sdk-request', 'attempt=1'],
].flat()

const context = {
  crypto: nodeCrypto,
  nowMs,
  keys: createSigningKeys<typeof key>(nodeCrypto, (_key, date) =>
    deriveDateKey(nodeCrypto, secret, date),
  ),
  findKey: (id: string) => (id === key.id ? key : undefined),
}

const seconds = Number(process.argv[2])
const startedAt = performance.now()
let count = 0
while (performance.now() - startedAt < seconds * 1_000) {
  for (let i = 0; i < batch; i++) {
    const call = { method: 'GET', target, headers: new RawHeaderBlock(lines) }
    verifyHeaderSignature(call, authorization, context)
  }
  count += batch
}
// By the time its core worked for it, so that what else the machine does counts as little as can be.
const { user, system } = process.cpuUsage()
process.stdout.write(`${(count * 1_000_000) / (user + system)}\n`)
