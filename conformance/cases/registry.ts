import type { ConformanceCase } from '../runner/model/case.ts'
import { appendCases } from './append/append.ts'
import { archiveCases } from './archive/members.ts'
import { getBatchCases } from './batch/get-batch.ts'
import { bucketAccessCases } from './buckets/access.ts'
import { createDestroyCases } from './buckets/create-destroy.ts'
import { headBucketCases } from './buckets/head.ts'
import { listBucketsCases } from './buckets/list.ts'
import { bucketNameCases } from './buckets/names.ts'
import { bucketPropsCases } from './buckets/props.ts'
import { renameBucketCases } from './buckets/rename.ts'
import { downloadCases } from './cluster/downloads.ts'
import { jobRunCases } from './cluster/job-runs.ts'
import { jobQueryCases } from './cluster/jobs.ts'
import { membershipCases } from './cluster/membership.ts'
import { clusterQueryCases } from './cluster/queries.ts'
import { nodeConfigCases } from './config/node-config.ts'
import { setConfigCases } from './config/set-config.ts'
import { metricsCases } from './daemon/metrics.ts'
import { daemonQueryCases } from './daemon/queries.ts'
import { easyUrlCases } from './easy-url/easy-url.ts'
import { edgeCachedCases } from './edge/cached.ts'
import { encodedCases } from './edge/encoded.ts'
import { edgeRelayCases } from './edge/relay.ts'
import { envelopeCases } from './errors/envelope.ts'
import { healthCases } from './health/health.ts'
import { browserGuardCases } from './http/browser-guard.ts'
import { methodCases } from './http/methods.ts'
import { rawRequestCases } from './http/raw-requests.ts'
import { refusedRequestCases } from './http/refused-requests.ts'
import { listEncodingCases } from './listing/encodings.ts'
import { listPagesCases } from './listing/pages.ts'
import { listPropsCases } from './listing/props-and-flags.ts'
import { multipartMistakeCases } from './multipart/mistakes.ts'
import { multipartCases } from './multipart/upload.ts'
import { nameLengthCases } from './names/lengths.ts'
import { refusedNameCases } from './names/refused.ts'
import { slashNameCases } from './names/slashes.ts'
import { unicodeNameCases } from './names/unicode.ts'
import { checksumCases } from './objects/checksums.ts'
import { conditionCases } from './objects/conditions.ts'
import { customMetadataCases } from './objects/custom-metadata.ts'
import { deleteObjectCases } from './objects/delete.ts'
import { headObjectCases, headSelectiveCases } from './objects/head.ts'
import { putGetCases } from './objects/put-get.ts'
import { rangeCases } from './objects/ranges.ts'
import { renameCopyCases } from './objects/rename-copy.ts'
import { versionCases } from './objects/versions.ts'
import { directCases } from './redirect/direct.ts'
import { placementCases } from './redirect/placement.ts'
import { tagCases } from './redirect/tags.ts'
import { s3AccessCases } from './s3/access.ts'
import { s3ObjectCases } from './s3/objects.ts'
import { s3VersionCases } from './s3/versions.ts'

/** Every case of the suite. */
export const allCases: readonly ConformanceCase[] = [
  ...createDestroyCases,
  ...s3AccessCases,
  ...s3ObjectCases,
  ...s3VersionCases,
  ...headBucketCases,
  ...listBucketsCases,
  ...bucketPropsCases,
  ...bucketAccessCases,
  ...renameBucketCases,
  ...bucketNameCases,
  ...putGetCases,
  ...headObjectCases,
  ...headSelectiveCases,
  ...rangeCases,
  ...conditionCases,
  ...checksumCases,
  ...deleteObjectCases,
  ...customMetadataCases,
  ...versionCases,
  ...renameCopyCases,
  ...appendCases,
  ...archiveCases,
  ...getBatchCases,
  ...multipartCases,
  ...multipartMistakeCases,
  ...listPagesCases,
  ...listPropsCases,
  ...listEncodingCases,
  ...unicodeNameCases,
  ...nameLengthCases,
  ...slashNameCases,
  ...refusedNameCases,
  ...envelopeCases,
  ...clusterQueryCases,
  ...membershipCases,
  ...downloadCases,
  ...jobQueryCases,
  ...jobRunCases,
  ...daemonQueryCases,
  ...metricsCases,
  ...placementCases,
  ...directCases,
  ...tagCases,
  ...methodCases,
  ...rawRequestCases,
  ...refusedRequestCases,
  ...browserGuardCases,
  ...setConfigCases,
  ...nodeConfigCases,
  ...healthCases,
  ...easyUrlCases,
  ...edgeRelayCases,
  ...edgeCachedCases,
  ...encodedCases,
]
