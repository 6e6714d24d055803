import type { S3Operation } from '../../s3/operation.ts'
import { createBucket } from './create-bucket.ts'
import { deleteBucket } from './delete-bucket.ts'
import { deleteObject } from './delete-object.ts'
import { getBucketLocation } from './get-bucket-location.ts'
import { getBucketVersioning } from './get-bucket-versioning.ts'
import { getObject } from './get-object.ts'
import { headBucket } from './head-bucket.ts'
import { headObject } from './head-object.ts'
import { listBuckets } from './list-buckets.ts'
import { listObjects } from './list-objects.ts'
import { listObjectsV2 } from './list-objects-v2.ts'
import { putObject } from './put-object.ts'

/** Every operation of S3 there is. Of those that a call could be, the first one is it. */
export const s3Operations: readonly S3Operation[] = [
  listBuckets,
  getBucketLocation,
  getBucketVersioning,
  listObjectsV2,
  listObjects,
  createBucket,
  deleteBucket,
  headBucket,
  deleteObject,
  getObject,
  headObject,
  putObject,
]
