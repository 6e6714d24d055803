import { limits } from '../../config/limits.ts'
import {
  parsePublicAccessBlock,
  publicAccessBlockDocument,
} from '../../s3/access/public-access-block.ts'
import { bucketConfiguration } from '../../s3/gateway/bucket-configuration.ts'

/** `publicAccessBlock`: what is public is held back; without it nothing is. */
export const [getPublicAccessBlock, putPublicAccessBlock, deletePublicAccessBlock] =
  bucketConfiguration({
    names: ['GetPublicAccessBlock', 'PutPublicAccessBlock', 'DeletePublicAccessBlock'],
    subresource: 'publicAccessBlock',
    access: 'SET-BUCKET-ACL',
    absent: 'NoSuchPublicAccessBlockConfiguration',
    prop: 'public_access_block',
    root: 'PublicAccessBlockConfiguration',
    bodyBytesMax: limits.jsonBytesMax,
    putStatus: 200,
    show: ({ public_access_block: settings }) =>
      settings === undefined ? undefined : publicAccessBlockDocument(settings),
    parse: parsePublicAccessBlock,
  })
