import type { accessBits } from '@aistore-ts/core/node/access.ts'
import type { Ask } from './signed-client.ts'

/** What lets somebody call an operation, and such a call. */
export interface Row {
  /** The one permission that is enough. */
  readonly needs: keyof typeof accessBits
  /** A call that, when it is let in, changes nothing. */
  readonly ask: Ask
  /** Also needs this, of what it copies. */
  readonly and?: keyof typeof accessBits
}

export const bucket = '/lattice'
export const key = '/lattice/key'
const none = '/lattice/none'

/** Every operation but PostObject, which is decided by its fields, and what lets somebody call it. */
export const operationTable: Readonly<Record<string, Row>> = {
  AbortMultipartUpload: {
    needs: 'DELETE-OBJECT',
    ask: { method: 'DELETE', path: `${key}?uploadId=x` },
  },
  CompleteMultipartUpload: { needs: 'PUT', ask: { method: 'POST', path: `${key}?uploadId=x` } },
  CopyObject: {
    needs: 'PUT',
    and: 'GET',
    ask: {
      method: 'PUT',
      path: none,
      headers: { 'x-amz-copy-source': 'lattice/key', 'x-amz-copy-source-if-match': '"other"' },
    },
  },
  CreateBucket: { needs: 'CREATE-BUCKET', ask: { method: 'PUT', path: bucket } },
  CreateMultipartUpload: {
    needs: 'PUT',
    ask: {
      method: 'POST',
      path: `${key}?uploads`,
      headers: { 'x-amz-checksum-algorithm': 'none' },
    },
  },
  DeleteBucket: { needs: 'DESTROY-BUCKET', ask: { method: 'DELETE', path: bucket } },
  DeleteBucketCors: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?cors` } },
  DeleteBucketLifecycle: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?lifecycle` } },
  DeleteBucketOwnershipControls: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?ownershipControls` },
  },
  DeleteBucketPolicy: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?policy` },
  },
  DeleteBucketTagging: { needs: 'PATCH', ask: { method: 'DELETE', path: `${bucket}?tagging` } },
  DeleteObject: { needs: 'DELETE-OBJECT', ask: { method: 'DELETE', path: none } },
  DeleteObjects: {
    needs: 'DELETE-OBJECT',
    ask: {
      method: 'POST',
      path: `${bucket}?delete`,
      body: '<Delete><Object><Key>none</Key></Object></Delete>',
    },
  },
  DeleteObjectTagging: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'DELETE', path: `${key}?tagging` },
  },
  DeletePublicAccessBlock: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'DELETE', path: `${bucket}?publicAccessBlock` },
  },
  GetBucketAcl: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?acl` } },
  GetBucketCors: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?cors` } },
  GetBucketLifecycleConfiguration: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?lifecycle` },
  },
  GetBucketLocation: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?location` } },
  GetBucketOwnershipControls: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?ownershipControls` },
  },
  GetBucketPolicy: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?policy` } },
  GetBucketPolicyStatus: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?policyStatus` },
  },
  GetBucketTagging: { needs: 'HEAD-BUCKET', ask: { method: 'GET', path: `${bucket}?tagging` } },
  GetBucketVersioning: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?versioning` },
  },
  GetObject: { needs: 'GET', ask: { method: 'GET', path: key } },
  GetObjectAcl: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?acl` } },
  GetObjectAttributes: {
    needs: 'HEAD-OBJECT',
    ask: {
      method: 'GET',
      path: `${key}?attributes`,
      headers: { 'x-amz-object-attributes': 'ETag' },
    },
  },
  GetObjectLegalHold: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?legal-hold` } },
  GetObjectLockConfiguration: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?object-lock` },
  },
  GetObjectRetention: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?retention` } },
  GetObjectTagging: { needs: 'HEAD-OBJECT', ask: { method: 'GET', path: `${key}?tagging` } },
  GetPublicAccessBlock: {
    needs: 'HEAD-BUCKET',
    ask: { method: 'GET', path: `${bucket}?publicAccessBlock` },
  },
  HeadBucket: { needs: 'HEAD-BUCKET', ask: { method: 'HEAD', path: bucket } },
  HeadObject: { needs: 'HEAD-OBJECT', ask: { method: 'HEAD', path: key } },
  ListBuckets: { needs: 'LIST-BUCKETS', ask: { method: 'GET', path: '/' } },
  ListMultipartUploads: {
    needs: 'LIST-OBJECTS',
    ask: { method: 'GET', path: `${bucket}?uploads` },
  },
  ListObjects: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: bucket } },
  ListObjectsV2: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: `${bucket}?list-type=2` } },
  ListObjectVersions: { needs: 'LIST-OBJECTS', ask: { method: 'GET', path: `${bucket}?versions` } },
  ListParts: { needs: 'GET', ask: { method: 'GET', path: `${key}?uploadId=x` } },
  PutBucketAcl: { needs: 'SET-BUCKET-ACL', ask: { method: 'PUT', path: `${bucket}?acl` } },
  PutBucketCors: { needs: 'PATCH', ask: { method: 'PUT', path: `${bucket}?cors`, body: '<x/>' } },
  PutBucketLifecycleConfiguration: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?lifecycle`, body: '<x/>' },
  },
  PutBucketOwnershipControls: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?ownershipControls`, body: '<x/>' },
  },
  PutBucketPolicy: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?policy`, body: '{}' },
  },
  PutBucketTagging: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?tagging`, body: '<x/>' },
  },
  PutBucketVersioning: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?versioning`, body: '<x/>' },
  },
  PutObject: {
    needs: 'PUT',
    ask: { method: 'PUT', path: key, body: 'x', headers: { 'if-none-match': '*' } },
  },
  PutObjectAcl: { needs: 'UPDATE-OBJECT', ask: { method: 'PUT', path: `${key}?acl` } },
  PutObjectLegalHold: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?legal-hold`, body: '<x/>' },
  },
  PutObjectLockConfiguration: {
    needs: 'PATCH',
    ask: { method: 'PUT', path: `${bucket}?object-lock`, body: '<x/>' },
  },
  PutObjectRetention: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?retention`, body: '<x/>' },
  },
  PutObjectTagging: {
    needs: 'UPDATE-OBJECT',
    ask: { method: 'PUT', path: `${key}?tagging`, body: '<x/>' },
  },
  PutPublicAccessBlock: {
    needs: 'SET-BUCKET-ACL',
    ask: { method: 'PUT', path: `${bucket}?publicAccessBlock`, body: '<x/>' },
  },
  UploadPart: {
    needs: 'PUT',
    ask: { method: 'PUT', path: `${key}?partNumber=1&uploadId=x`, body: 'x' },
  },
  UploadPartCopy: {
    needs: 'PUT',
    and: 'GET',
    ask: {
      method: 'PUT',
      path: `${key}?partNumber=1&uploadId=UPLOAD`,
      headers: { 'x-amz-copy-source': 'lattice/key', 'x-amz-copy-source-if-match': '"other"' },
    },
  },
}
