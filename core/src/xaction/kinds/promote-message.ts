import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import { checkPrefix } from '../../object/object-name.ts'
import type { ActionMsg } from '../../wire/action-msg.ts'
import { strict } from '../../wire/strict.ts'

/** What is promoted lies below this folder of the targets. @see AIStore api/apc/promote.go PromoteRoot */
export const promoteRoot = '/var/lib/ais/promote'

const shape = {
  tid: z.string().default(''),
  src: z.string().default(''),
  obj: z.string().default(''),
  rcr: z.boolean().default(false),
  ovw: z.boolean().default(false),
  dls: z.boolean().default(false),
  notshr: z.boolean().default(false),
}
const messageSchema = z.strictObject(shape)

/** Files to be made objects: `PromoteArgs` on the wire. */
export type PromoteMessage = z.output<typeof messageSchema>

function checkSource(src: string): void {
  const refuse = (detail: string) =>
    new AisError('ErrBadRequest', `invalid promote source "${src}": ${detail} (src)`)
  if (src === '') throw refuse('pathname is empty')
  if (!src.startsWith('/')) throw refuse('must be an absolute path')
  if (src.includes('\0')) throw refuse('must not contain NUL')
  const parts = src.split('/').slice(1)
  if (parts.includes('.') || parts.includes('..')) {
    throw refuse("must not contain '.' or '..' path elements")
  }
  if (src !== promoteRoot && !src.startsWith(`${promoteRoot}/`)) {
    throw refuse(`must be under ${promoteRoot}`)
  }
}

/** Reads the message; `name` is the source as well. @throws AisError `ErrBadRequest` naming the field */
export function parsePromote({ name, value }: Pick<ActionMsg, 'name' | 'value'>): PromoteMessage {
  const message = strict(messageSchema, value ?? {}, 'promote message')
  if (message.src !== '' && name !== '' && name !== message.src) {
    throw new AisError(
      'ErrBadRequest',
      `conflicting promote source: "${name}" vs "${message.src}" (name, src)`,
    )
  }
  const src = (message.src === '' ? name : message.src).replace(/\/+$/, '')
  checkSource(src)
  if (message.obj !== '') checkPrefix(message.obj)
  return { ...message, src }
}

/** Of one file: the name given, or the folder-like prefix and the file's own. `below`: its path in a promoted folder. */
export function promotedName({ src, obj }: PromoteMessage, below: string | undefined): string {
  if (below !== undefined) return obj + below
  return obj !== '' && !obj.endsWith('/') ? obj : obj + src.slice(src.lastIndexOf('/') + 1)
}
