import { statusCorruption } from './change.ts'
import type { Corruption } from './corruption.ts'
import { ofAll, ofBucket, ofListing, ofObject, ofS3 } from './kinds.ts'

/** One status in place of another. */
export const statusCorruptions: readonly Corruption[] = [
  statusCorruption('status-get-201', /^object-get/, ofObject('GET'), 200, 201),
  statusCorruption('status-put-201', /^object-put/, ofObject('PUT'), 200, 201),
  statusCorruption('status-head-204', /^object-head/, ofObject('HEAD'), 200, 204),
  statusCorruption('status-delete-204', /^object-delete/, ofObject('DELETE'), 200, 204),
  statusCorruption('status-range-200', /^object-range/, ofObject('GET'), 206, 200),
  statusCorruption('status-range-400', /^object-range/, ofObject('GET'), 416, 400),
  statusCorruption('status-missing-410', /missing/, ofObject('GET', 'HEAD'), 404, 410),
  statusCorruption('status-no-bucket-400', /missing/, ofBucket('GET', 'HEAD'), 404, 400),
  statusCorruption('status-bucket-exists-400', /^bucket-create/, ofBucket('POST'), 409, 400),
  statusCorruption('status-list-206', /^list-/, ofListing, 200, 206),
  statusCorruption('status-redirect-put-308', /^redirect/, ofObject('PUT'), 307, 308),
  statusCorruption('status-redirect-get-302', /^redirect/, ofObject('GET'), 301, 302),
  statusCorruption('status-bad-input-500', /name|config/, ofAll, 400, 500),
  statusCorruption('status-method-400', /method/, ofAll, 405, 400),
  statusCorruption('status-forbidden-401', /access|guard/, ofAll, 403, 401),
  statusCorruption('status-unsigned-403', /tag/, ofAll, 401, 403),
  statusCorruption('status-precondition-409', /condition/, ofAll, 412, 409),
  statusCorruption('status-not-modified-200', /condition|none-match/, ofAll, 304, 200),
  statusCorruption('status-s3-delete-200', /^s3-/, ofS3('DELETE'), 204, 200),
  statusCorruption('status-s3-missing-403', /^s3-/, ofS3('GET', 'HEAD'), 404, 403),
]
