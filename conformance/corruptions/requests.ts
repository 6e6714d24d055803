import { dropped, otherEnd, requestHeader, requestTarget } from './change.ts'
import type { Corruption } from './corruption.ts'
import { withBody } from './exchange.ts'
import { ofBucket, ofObject } from './kinds.ts'

/** One thing of a request lost or changed on its way to the cluster. */
export const requestCorruptions: readonly Corruption[] = [
  requestHeader('request-range-dropped', /range/, 'range', dropped),
  requestHeader('request-checksum-dropped', /checksum/, 'ais-checksum-value', dropped),
  requestHeader('request-checksum-digit', /checksum/, 'ais-checksum-value', otherEnd),
  requestHeader('request-if-match-dropped', /condition|s3/, 'if-match', dropped),
  requestHeader('request-if-none-match-dropped', /condition|s3/, 'if-none-match', dropped),
  requestHeader('request-accept-dropped', /msgpack|encod/, 'accept', dropped),
  requestHeader('request-origin-dropped', /guard/, 'origin', dropped),
  requestHeader('request-custom-dropped', /custom/, 'ais-custom-md', dropped),
  requestTarget('request-query-dropped', /./, (target) => target.replace(/\?.*/, '')),
  requestTarget('request-slashes-collapsed', /slash|key-bytes/, (target) =>
    target.replace(/(?<=^\/[^?]*)\/\/+/g, '/'),
  ),
  requestTarget('request-plus-as-space', /name|unicode|key-bytes/, (target) =>
    target.replace(/(?<=^[^?]*)\+/g, '%20'),
  ),
  requestTarget('request-decoded-twice', /name|unicode|key-bytes/, (target) =>
    target.replace(/(?<=^[^?]*)%25/g, '%'),
  ),
  {
    id: 'request-get-body-lost',
    cases: /^list-/,
    request: (asked) =>
      ofBucket('GET')(asked) && asked.body.length > 0
        ? withBody(asked, Buffer.alloc(0))
        : undefined,
  },
  {
    id: 'request-put-bit',
    cases: /^object-(put|get)/,
    request(asked) {
      if (!ofObject('PUT')(asked) || asked.body.length === 0) return undefined
      const body = Buffer.from(asked.body)
      body[0] = (body[0] ?? 0) ^ 1
      return withBody(asked, body)
    },
  },
]
