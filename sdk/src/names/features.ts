// The feature flags are core's; users of the SDK find their names here.
export { featureNames } from '@aistore-ts/core/config/features.ts'
