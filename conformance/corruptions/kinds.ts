import { type Answered, type Asked, header, pathOf } from './exchange.ts'

/** Which exchanges a corruption is about. */
export type Kind = (asked: Asked) => boolean

/** What an answer has to be, besides its request. */
export type Shape = (answered: Answered) => boolean

const objectPath = /^\/(v1\/objects\/|ais\/[^/]+\/)./

/** Of one object, at a gateway or a target. */
export const ofObject =
  (...methods: readonly string[]): Kind =>
  (asked) =>
    objectPath.test(pathOf(asked)) && methods.includes(asked.method)

/** Of a bucket or of buckets. */
export const ofBucket =
  (...methods: readonly string[]): Kind =>
  (asked) =>
    pathOf(asked).startsWith('/v1/buckets') && methods.includes(asked.method)

/** A page of the objects of a bucket. */
export const ofListing: Kind = (asked) =>
  ofBucket('GET', 'POST')(asked) && asked.body.includes('"list"')

/** Through S3. */
export const ofS3 =
  (...methods: readonly string[]): Kind =>
  (asked) =>
    pathOf(asked).startsWith('/s3/') && methods.includes(asked.method)

/** Everything. */
export const ofAll: Kind = () => true

/** An answer of that status. */
export const status =
  (...codes: readonly number[]): Shape =>
  (answered) =>
    codes.includes(answered.status)

/** An answer that refuses, in JSON. */
export const refusal: Shape = (answered) =>
  answered.status >= 400 &&
  (header(answered, 'content-type')?.startsWith('application/json') ?? false)
