/** Whether a raw target is one of S3's beside the native API. */
export function isS3Target(target: string): boolean {
  return /^\/s3(?:[/?]|$)/.test(target)
}
