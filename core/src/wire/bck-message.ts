import { z } from 'zod'

import { type Bck, bckUname, namespaceUname } from '../bucket/bck.ts'
import { parseBck } from '../bucket/names.ts'

/** A bucket inside a message. No provider means `ais`. */
export const bckMessageSchema = z.strictObject({
  name: z.string(),
  provider: z.string().default(''),
  namespace: z
    .strictObject({ uuid: z.string().default(''), name: z.string().default('') })
    .default({ uuid: '', name: '' }),
})

/** The bucket meant, checked. @throws AisError as `parseBck` */
export function bckOfMessage(message: z.output<typeof bckMessageSchema>): Bck {
  return parseBck(message.name, message.provider, namespaceUname(message.namespace))
}

/** Canonical name of a bucket that a query names; `undefined` when it names none. */
export function unameOfQuery(message: unknown): string | undefined {
  const parsed = bckMessageSchema.safeParse(message)
  if (!parsed.success || parsed.data.name === '') return undefined
  return bckUname(bckOfMessage(parsed.data))
}
