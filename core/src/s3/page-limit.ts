import { S3Error } from './s3-error.ts'

/**
 * The number of entries that a call asks for, at most `max`; `max` when it does not say.
 * @throws S3Error `InvalidArgument` naming the parameter
 */
export function pageLimit(text: string | undefined, name: string, max: number, min = 0): number {
  if (text === undefined || text === '') return max
  const limit = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (limit >= min && limit <= 2 ** 31 - 1) return Math.min(limit, max)
  throw new S3Error('InvalidArgument', {
    message: `Argument ${name} must be an integer between ${min} and 2147483647`,
    fields: [
      ['ArgumentName', name],
      ['ArgumentValue', text],
    ],
  })
}
