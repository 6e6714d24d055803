import { absent } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/bucket.md (versioning)'

/** The version counter of objects. */
export const versionCases: readonly ConformanceCase[] = [
  {
    id: 'version-counts-overwrites',
    features: ['F8.09'],
    kind: 'required',
    needs: ['object-put-overwrite'],
    source,
    steps: [
      ...['1', '2', '3'].map((version) => ({
        send: 'PUT {object}',
        body: `content ${version}`,
        expect: { status: 200, headers: { 'ais-version': version } },
      })),
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-version': '3' } } },
      {
        send: 'GET {bucket}',
        json: { action: 'list', value: { props: 'name,version' } },
        expect: { status: 200, json: { entries: [{ name: 'obj', version: '3' }] } },
      },
    ],
  },
  {
    id: 'version-same-content-without-checksum-counts',
    features: ['F8.09', 'F4.10'],
    kind: 'required',
    needs: ['version-counts-overwrites'],
    source,
    steps: [
      { send: 'PUT {object}', body: 'same', expect: { status: 200 } },
      { send: 'PUT {object}', body: 'same', expect: { status: 200 } },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-version': '2' } } },
    ],
  },
  {
    id: 'version-off',
    features: ['F8.09'],
    kind: 'required',
    needs: ['bucket-create-with-props', 'object-head'],
    source,
    bucketProps: { versioning: { enabled: false } },
    steps: [
      { send: 'PUT {object}', body: 'one', expect: { status: 200 } },
      { send: 'PUT {object}', body: 'two', expect: { status: 200 } },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-version': absent } } },
    ],
  },
]
