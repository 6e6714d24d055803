import type { Endpoint } from '../node/endpoint.ts'
import { archiveObjects } from './buckets/archive-objects.ts'
import { startBucketJob } from './buckets/bucket-jobs.ts'
import { copyBucket, copyObjects } from './buckets/copy-bucket.ts'
import { createBucket } from './buckets/create-bucket.ts'
import { deleteObjects } from './buckets/delete-objects.ts'
import { destroyBucket } from './buckets/destroy-bucket.ts'
import { evictBucket } from './buckets/evict-bucket.ts'
import { getBuckets } from './buckets/get-buckets.ts'
import { headBucket } from './buckets/head-bucket.ts'
import { patchBucket } from './buckets/patch-bucket.ts'
import { prefetchObjects } from './buckets/prefetch-objects.ts'
import { renameBucket } from './buckets/rename-bucket.ts'
import { getCluster } from './cluster/get-cluster.ts'
import { joinCluster } from './cluster/join.ts'
import { putCluster } from './cluster/put-cluster.ts'
import { removeSelf } from './cluster/remove-self.ts'
import {
  deleteCredentials,
  getCredentials,
  patchCredentials,
  postCredentials,
} from './credentials/credentials.ts'
import { getDaemon } from './daemon/get-daemon.ts'
import { deleteMountpaths, postMountpaths } from './daemon/mountpaths.ts'
import { putDaemon } from './daemon/put-daemon.ts'
import { reverseDelete, reverseGet, reversePost, reversePut } from './daemon/reverse.ts'
import { getEdgeDocument } from './edge/get-edge-document.ts'
import { getHealth } from './health/get-health.ts'
import { enterCluster } from './internal/enter-cluster.ts'
import { listPart } from './internal/list.ts'
import { getMetasync, putMetasync } from './internal/metasync.ts'
import { postObjstream, putObjstream } from './internal/objstream.ts'
import { setS3Props } from './internal/s3-props.ts'
import { summaryPart } from './internal/summary.ts'
import { beginTxn } from './internal/txn.ts'
import { putVote } from './internal/vote.ts'
import { getXactions, putXactions } from './internal/xactions.ts'
import { deleteSort, etlEndpoints, getSorts, startSort } from './jobs/absent-jobs.ts'
import { deleteDownload, getDownloads, startDownload } from './jobs/downloads.ts'
import { getBatch, getBatchPart } from './ml/get-batch.ts'
import { appendObjectEndpoint } from './objects/append-object.ts'
import { copyObjectEndpoint } from './objects/copy-object.ts'
import { deleteObject } from './objects/delete-object.ts'
import { getObject } from './objects/get-object.ts'
import { headObjectEndpoint } from './objects/head-object.ts'
import { patchObject } from './objects/patch-object.ts'
import { postObject } from './objects/post-object.ts'
import { putObject } from './objects/put-object.ts'
import { putPart } from './objects/put-part.ts'
import { revokeTokens } from './tokens/revoke-tokens.ts'

/** Every endpoint there is. Among those of one resource and method, the order is the order of looking. */
export const endpoints: readonly Endpoint[] = [
  copyBucket,
  archiveObjects,
  copyObjects,
  createBucket,
  deleteObjects,
  destroyBucket,
  evictBucket,
  getBuckets,
  headBucket,
  patchBucket,
  prefetchObjects,
  renameBucket,
  startBucketJob,
  getCluster,
  joinCluster,
  putCluster,
  removeSelf,
  getCredentials,
  postCredentials,
  patchCredentials,
  deleteCredentials,
  getDaemon,
  putDaemon,
  postMountpaths,
  deleteMountpaths,
  reverseDelete,
  reverseGet,
  reversePost,
  reversePut,
  getEdgeDocument,
  getHealth,
  listPart,
  getMetasync,
  putMetasync,
  enterCluster,
  putVote,
  beginTxn,
  startDownload,
  getDownloads,
  deleteDownload,
  getSorts,
  startSort,
  deleteSort,
  ...etlEndpoints,
  getXactions,
  putXactions,
  setS3Props,
  putObjstream,
  postObjstream,
  summaryPart,
  getBatch,
  getBatchPart,
  copyObjectEndpoint,
  putPart,
  appendObjectEndpoint,
  deleteObject,
  getObject,
  headObjectEndpoint,
  patchObject,
  postObject,
  putObject,
  revokeTokens,
]
