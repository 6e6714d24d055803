import { type Bck, globalNamespace } from '../bucket/bck.ts'
import type { Bmd } from '../bucket/bmd.ts'
import type { BucketProps } from '../bucket/bucket-props.ts'
import { parseNamespace } from '../bucket/names.ts'
import { S3Error } from './s3-error.ts'

/** A bucket as S3 names it. */
export interface NamedBucket {
  readonly bck: Bck
  readonly props: BucketProps
}

/**
 * S3's names are flat: the one bucket of the cluster called `name`, of whatever provider and namespace.
 * @throws S3Error `AmbiguousBucketName` when there are several
 */
export function bucketByName(bmd: Bmd, name: string): NamedBucket | undefined {
  let found: NamedBucket | undefined
  for (const [provider, namespaces] of bmd.providers) {
    for (const [uname, buckets] of namespaces) {
      const props = buckets.get(name)
      if (props === undefined) continue
      if (found !== undefined)
        throw new S3Error('AmbiguousBucketName', { fields: [['BucketName', name]] })
      found = { bck: { name, provider, namespace: parseNamespace(uname) }, props }
    }
  }
  return found
}

/** What S3 makes when it makes a bucket: `ais://NAME`. */
export function ownBck(name: string): Bck {
  return { name, provider: 'ais', namespace: globalNamespace }
}

export function noSuchBucket(name: string): S3Error {
  return new S3Error('NoSuchBucket', { fields: [['BucketName', name]] })
}

/** An IPv4 address is no name of a bucket at Amazon: virtual-host style could not tell. */
const address = /^\d{1,3}(\.\d{1,3}){3}$/

/**
 * The rule for new buckets: 3 to 63 of lower-case letters, digits, dots and dashes, a letter or digit at both ends.
 * @throws S3Error `InvalidBucketName`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkNewName(name: string): void {
  const fits =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !/\.\.|\.-|-\./.test(name) &&
    !address.test(name) &&
    !name.startsWith('xn--')
  if (!fits) throw new S3Error('InvalidBucketName', { fields: [['BucketName', name]] })
}
