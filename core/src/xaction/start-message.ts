import { z } from 'zod'
import { strict } from '../wire/strict.ts'

const schema = z.strictObject({
  flags: z.int().default(0),
  force: z.boolean().default(false),
  name: z.string().default(''),
})

/** What the `start` action of the cluster gives a kind. */
export type StartMessage = z.output<typeof schema>

/** @throws AisError `ErrBadRequest` naming the field */
export function parseStart(value: unknown): StartMessage {
  return strict(schema, value ?? {}, 'start message')
}
