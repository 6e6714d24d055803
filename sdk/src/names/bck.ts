// The identity of buckets is core's; users of the SDK find it here.
export {
  type Bck,
  bckCname,
  findProvider,
  type Namespace,
  type Provider,
  providers,
  sameBck,
} from '@aistore-ts/core/bucket/bck.ts'
