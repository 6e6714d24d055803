import { addedHeader, answerHeader, dropped, otherEnd } from './change.ts'
import type { Corruption } from './corruption.ts'
import { ofAll, ofBucket, ofListing, ofObject, ofS3 } from './kinds.ts'

const anyObject = ofObject('GET', 'HEAD', 'PUT')

/** One header of an answer gone, wrong, or there without need. */
export const headerCorruptions: readonly Corruption[] = [
  answerHeader('header-checksum-dropped', /^object-/, anyObject, 'ais-checksum-value', dropped),
  answerHeader('header-checksum-digit', /^object-/, anyObject, 'ais-checksum-value', otherEnd),
  answerHeader('header-checksum-type', /^object-/, anyObject, 'ais-checksum-type', () => 'xxhash'),
  answerHeader('header-version-dropped', /^object-/, anyObject, 'ais-version', dropped),
  answerHeader('header-version-next', /version|^object-/, anyObject, 'ais-version', (value) =>
    String(Number(value) + 1),
  ),
  answerHeader('header-atime-seconds', /^object-/, anyObject, 'ais-atime', (value) =>
    value.slice(0, 10),
  ),
  answerHeader('header-custom-dropped', /custom/, anyObject, 'ais-custom-md', dropped),
  answerHeader('header-length-dropped', /^object-/, ofObject('HEAD'), 'content-length', dropped),
  answerHeader('header-length-less', /^object-/, ofObject('HEAD'), 'content-length', (value) =>
    String(Math.max(0, Number(value) - 1)),
  ),
  answerHeader(
    'header-object-type',
    /^object-/,
    ofObject('GET'),
    'content-type',
    () => 'text/html',
  ),
  answerHeader('header-json-type', /^list-/, ofListing, 'content-type', () => 'text/plain'),
  answerHeader('header-range-dropped', /range/, ofAll, 'content-range', dropped),
  answerHeader('header-range-total', /range/, ofAll, 'content-range', otherEnd),
  answerHeader('header-location-dropped', /redirect/, ofAll, 'location', dropped),
  answerHeader('header-location-untagged', /tag/, ofAll, 'location', (value) =>
    value.replace(/&u=[^&]*/, ''),
  ),
  answerHeader('header-location-name', /redirect|unicode|name/, ofAll, 'location', (value) =>
    value.replace('%', '%25'),
  ),
  answerHeader(
    'header-props-dropped',
    /^bucket-head/,
    ofBucket('HEAD'),
    'ais-bucket-props',
    dropped,
  ),
  answerHeader('header-error-dropped', /head/, ofAll, 'hdr-error', dropped),
  answerHeader('header-error-other', /head/, ofAll, 'hdr-error', (value) =>
    value.replace('"tcode":"Err', '"tcode":"'),
  ),
  answerHeader('header-uptime-dropped', /health/, ofAll, 'ais-cluster-uptime', dropped),
  answerHeader('header-present-dropped', /head/, ofObject('HEAD'), 'ais-present', dropped),
  answerHeader('header-location-of-copy', /head/, ofObject('HEAD'), 'ais-location', dropped),
  answerHeader(
    'header-nosniff-dropped',
    /error|envelope/,
    ofAll,
    'x-content-type-options',
    dropped,
  ),
  addedHeader('header-encoding-added', /^object-/, ofObject('GET'), ['Content-Encoding', 'gzip']),
  addedHeader('header-origin-added', /guard|cors|access/, ofAll, [
    'Access-Control-Allow-Origin',
    '*',
  ]),
  answerHeader('header-etag-bare', /^s3-/, ofS3('GET', 'PUT'), 'etag', (value) =>
    value.replaceAll('"', ''),
  ),
  answerHeader('header-etag-digit', /^s3-/, ofS3('GET'), 'etag', (value) =>
    value.replace(/.(?="$)/, (last) => (last === '1' ? '2' : '1')),
  ),
  answerHeader('header-meta-dropped', /^s3-/, ofS3('GET'), 'x-amz-meta-a', dropped),
]
