import type { S3Operation } from '../../s3/operation.ts'
import { abortMultipartUpload } from './abort-multipart-upload.ts'
import { getBucketAcl, putBucketAcl } from './bucket-acl.ts'
import { deleteBucketCors, getBucketCors, putBucketCors } from './bucket-cors.ts'
import {
  deleteBucketLifecycle,
  getBucketLifecycle,
  putBucketLifecycle,
} from './bucket-lifecycle.ts'
import { getObjectLockConfiguration, putObjectLockConfiguration } from './bucket-object-lock.ts'
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from './bucket-policy.ts'
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './bucket-tagging.ts'
import { getBucketVersioning, putBucketVersioning } from './bucket-versioning.ts'
import { completeMultipartUpload } from './complete-multipart-upload.ts'
import { copyObject } from './copy-object.ts'
import { createBucket } from './create-bucket.ts'
import { createMultipartUpload } from './create-multipart-upload.ts'
import { deleteBucket } from './delete-bucket.ts'
import { deleteObject } from './delete-object.ts'
import { deleteObjects } from './delete-objects.ts'
import { getBucketLocation } from './get-bucket-location.ts'
import { getObject } from './get-object.ts'
import { getObjectAttributes } from './get-object-attributes.ts'
import { headBucket } from './head-bucket.ts'
import { headObject } from './head-object.ts'
import { listBuckets } from './list-buckets.ts'
import { listMultipartUploads } from './list-multipart-uploads.ts'
import { listObjectVersions } from './list-object-versions.ts'
import { listObjects } from './list-objects.ts'
import { listObjectsV2 } from './list-objects-v2.ts'
import { listParts } from './list-parts.ts'
import { getObjectAcl, putObjectAcl } from './object-acl.ts'
import { getObjectLegalHold, putObjectLegalHold } from './object-legal-hold.ts'
import { getObjectRetention, putObjectRetention } from './object-retention.ts'
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts'
import {
  deleteBucketOwnershipControls,
  getBucketOwnershipControls,
  putBucketOwnershipControls,
} from './ownership-controls.ts'
import { postObject } from './post-object.ts'
import {
  deletePublicAccessBlock,
  getPublicAccessBlock,
  putPublicAccessBlock,
} from './public-access-block.ts'
import { putObject } from './put-object.ts'
import { uploadPart } from './upload-part.ts'
import { uploadPartCopy } from './upload-part-copy.ts'

/** Every operation of S3 there is. Of those that a call could be, the first one is it. */
export const s3Operations: readonly S3Operation[] = [
  listBuckets,
  getBucketAcl,
  getBucketCors,
  getBucketLifecycle,
  getBucketLocation,
  getBucketOwnershipControls,
  getBucketPolicy,
  getBucketPolicyStatus,
  getBucketTagging,
  getBucketVersioning,
  getObjectLockConfiguration,
  getPublicAccessBlock,
  listMultipartUploads,
  listObjectVersions,
  listObjectsV2,
  listObjects,
  putBucketAcl,
  putBucketCors,
  putBucketLifecycle,
  putBucketOwnershipControls,
  putBucketPolicy,
  putBucketTagging,
  putBucketVersioning,
  putObjectLockConfiguration,
  putPublicAccessBlock,
  createBucket,
  deleteBucketCors,
  deleteBucketOwnershipControls,
  deleteBucketPolicy,
  deletePublicAccessBlock,
  deleteBucketLifecycle,
  deleteBucketTagging,
  deleteBucket,
  deleteObjects,
  postObject,
  headBucket,
  abortMultipartUpload,
  deleteObjectTagging,
  deleteObject,
  getObjectAcl,
  getObjectAttributes,
  getObjectLegalHold,
  getObjectRetention,
  getObjectTagging,
  listParts,
  getObject,
  headObject,
  completeMultipartUpload,
  createMultipartUpload,
  uploadPartCopy,
  uploadPart,
  putObjectAcl,
  putObjectLegalHold,
  putObjectRetention,
  putObjectTagging,
  copyObject,
  putObject,
]
