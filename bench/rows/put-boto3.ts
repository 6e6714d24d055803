import { crc32 } from 'node:zlib'
import { bucket } from '../harness/cluster.ts'
import type { Lab } from '../harness/lab.ts'
import type { Row, Subject } from '../harness/row.ts'
import { makeS3User, signedHeaders } from '../harness/s3-user.ts'
import { nameOf, runWrk } from '../harness/wrk.ts'

const mb = 1e6
const names = 4
const connections = 4

/** What boto3 sends with a PutObject over HTTP: CRC32 in a header, the body's SHA-256 in the signature. */
function boto3Headers(body: Uint8Array): readonly (readonly [string, string])[] {
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(body))
  return [
    ['user-agent', 'Boto3/1.44 md/Botocore#1.44 ua/2.1 os/linux lang/python#3.13'],
    ['x-amz-sdk-checksum-algorithm', 'CRC32'],
    ['x-amz-checksum-crc32', crc.toString('base64')],
    ['amz-sdk-invocation-id', '7c2d4f4e-29d5-4c1b-8d5b-2f3f1c1f8f20'],
    ['amz-sdk-request', 'attempt=1'],
  ]
}

async function subjects(lab: Lab, runtime: 'bun' | 'node', sizeBytes: number) {
  const cluster = await lab.cluster(runtime)
  const { endpoint } = cluster
  await makeS3User(endpoint)
  await cluster.setTags(false)
  const body = Buffer.alloc(sizeBytes, 'x')
  const shape = { method: 'PUT', names, bodyBytes: sizeBytes, connections } as const
  const inBytes = async (run: Promise<{ readonly value: number }>) => {
    const measured = await run
    return { ...measured, value: (measured.value * sizeBytes) / mb }
  }
  const native = (await cluster.targetUrl('PUT')).replace('%NAME%', 'boto3-%NAME%')
  const direct: Subject = {
    name: 'direct',
    measure: (seconds) => inBytes(runWrk({ ...shape, url: native }, seconds)),
  }
  /** Signed anew before every run. */
  const paths = async () =>
    Array.from({ length: names }, (_, index) => {
      const path = `/s3/${bucket}/boto3-${nameOf(index)}`
      const lines = signedHeaders(endpoint, 'PUT', path, boto3Headers(body), body)
      return [path, ...lines.map(([name, value]) => `${name}: ${value}`)].join('\t')
    })
  const s3: Subject = {
    name: runtime,
    measure: (seconds) => inBytes(runWrk({ ...shape, url: `${endpoint}/`, paths }, seconds)),
  }
  return [direct, s3]
}

function boto3Row(runtime: 'bun' | 'node', label: string, sizeBytes: number): Row {
  return {
    name: `put-boto3-${label}-${runtime}`,
    question: `How fast is a PUT of ${label} with boto3's headers, through the gateway, beside the native one at the target, ${runtime}?`,
    unit: 'MB/s',
    reference: 'direct',
    warmsUp: true,
    subjects: (lab) => subjects(lab, runtime, sizeBytes),
  }
}

const mib = 1024 * 1024

export const putBoto31mBun = boto3Row('bun', '1m', mib)
export const putBoto31mNode = boto3Row('node', '1m', mib)
export const putBoto316mBun = boto3Row('bun', '16m', 16 * mib)
export const putBoto316mNode = boto3Row('node', '16m', 16 * mib)
