import { z } from 'zod'

/**
 * A metadata version as it travels: a decimal string (Go's `,string`); a plain number is read too, as the
 * Python SDK does. In memory it is a `number`: one step a change never reaches 2^53, and beyond is refused.
 */
export const wireVersion = z
  .union(
    [
      z
        .string()
        .regex(/^[0-9]{1,16}$/)
        .transform(Number),
      z.number(),
    ],
    {
      error: 'expected a decimal version in a string',
    },
  )
  .refine((version) => Number.isSafeInteger(version) && version >= 0, 'version out of range')
