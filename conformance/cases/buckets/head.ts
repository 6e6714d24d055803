import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (HEAD bucket)'

/** HEAD of a bucket: its properties in a header. */
export const headBucketCases: readonly ConformanceCase[] = [
  {
    id: 'bucket-head',
    features: ['F3.02'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      {
        send: 'HEAD {bucket}?provider=ais',
        expect: { status: 200, headers: { 'ais-bucket-props': /^\{.*\}$/, 'hdr-error': absent } },
      },
    ],
  },
  {
    id: 'bucket-head-default-props',
    features: ['F3.02', 'F3.07'],
    kind: 'required',
    needs: ['bucket-head'],
    source: 'AIStore cmn/api.go (Bprops)',
    steps: [
      {
        send: 'HEAD {bucket}',
        expect: {
          status: 200,
          headers: {
            'ais-bucket-props':
              /"provider":"ais".*"checksum":\{"type":"xxhash2".*"access":"18446744073709551615".*"bid":"\d+","created":"\d+"/,
          },
        },
      },
    ],
  },
  {
    id: 'bucket-head-missing',
    features: ['F3.02', 'F4.20'],
    kind: 'required',
    source,
    bucket: 'named',
    steps: [
      {
        send: 'HEAD {bucket}',
        expect: {
          status: 404,
          body: '',
          error: {
            tcode: 'ErrBckNotFound',
            message: 'bucket "ais://{bucketName}" does not exist',
          },
        },
      },
    ],
  },
  {
    id: 'bucket-head-bad-provider',
    features: ['F3.04'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'HEAD {bucket}?provider=nosuch',
        expect: { status: 400, error: { message: /provider/ } },
      },
    ],
  },
  {
    id: 'bucket-head-prefix-needs-summary',
    features: ['F3.02'],
    kind: 'required',
    source,
    steps: [{ send: 'HEAD {bucket}/some/prefix', expect: { status: 400, error: {} } }],
  },
  {
    id: 'bucket-head-at-target',
    features: ['F3.02'],
    kind: 'required',
    needs: ['bucket-head'],
    source: 'AIStore ais/target.go (direct HEAD of a bucket)',
    capabilities: ['direct-targets'],
    deviation: 'the target drops the connection (a crash in the handler)',
    steps: [
      {
        send: 'HEAD {bucket}',
        at: 'target',
        expect: { status: 200 },
      },
    ],
  },
]
