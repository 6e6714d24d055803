import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'RFC 9110 8.4: a coding is a property of what is stored; only its receiver undoes it'
const bytes = { bytes: 2_000, seed: 77 } as const
const large = { bytes: 200_000, seed: 78 } as const
const headers = { 'content-encoding': 'gzip', 'content-type': 'text/plain' } as const

/** What says of itself that it is compressed: nobody on the way may believe it. */
export const encodedCases: readonly ConformanceCase[] = [bytes, large].map((body) => ({
  id: `s3-encoded-object-${body.bytes}`,
  features: ['F22.05'],
  kind: 'required',
  capabilities: ['s3-open'],
  source,
  steps: [
    { send: 'PUT /s3/{bucketName}/encoded', headers, body, expect: { status: 200 } },
    {
      send: 'GET /s3/{bucketName}/encoded',
      expect: {
        status: 200,
        bytes: body,
        headers: { 'content-encoding': 'gzip', 'content-length': String(body.bytes) },
      },
    },
    {
      send: 'GET /s3/{bucketName}/encoded',
      headers: { range: 'bytes=10-1009' },
      expect: {
        status: 206,
        bytes: { ...body, from: 10, to: 1_010 },
        headers: { 'content-encoding': 'gzip', 'content-length': '1000' },
      },
    },
    {
      send: 'HEAD /s3/{bucketName}/encoded',
      expect: {
        status: 200,
        headers: { 'content-encoding': 'gzip', 'content-length': String(body.bytes) },
      },
    },
  ],
}))
