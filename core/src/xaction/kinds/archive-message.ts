import { z } from 'zod'
import { formatOfName, parseMime } from '../../archive/formats.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkObjectName } from '../../object/object-name.ts'
import { newFormat } from '../../target/archive/write-archived.ts'
import { bckMessageSchema } from '../../wire/bck-message.ts'
import { listRangeShape, selectionOf, templateNames } from '../../wire/list-range.ts'
import { strict } from '../../wire/strict.ts'

const messageSchema = z.strictObject({
  ...listRangeShape,
  tobck: bckMessageSchema,
  archname: z.string(),
  mime: z.string().max(128).default(''),
  bnonly: z.boolean().default(false),
  isbn: z.boolean().default(false),
  aate: z.boolean().default(false),
  coer: z.boolean().default(false),
  'non-recurs': z.boolean().default(false),
})

/** Which objects become the files of which shard. @see AIStore cmn/archive/bck.go ArchiveBckMsg */
export type ArchiveMessage = z.output<typeof messageSchema>

/** The value of `archive`. @throws AisError `ErrBadRequest` */
export function parseArchive(value: unknown): ArchiveMessage {
  const message = strict(messageSchema, value ?? {}, 'archive message')
  const { archname, mime } = message
  checkObjectName(archname, { forWrite: true })
  const format = newFormat(archname, mime)
  const told = formatOfName(archname)
  if (told !== undefined && told !== format) {
    throw new AisError(
      'ErrBadRequest',
      `archive: "${archname.slice(0, 256)}" (archname) is not "${mime}" (mime)`,
    )
  }
  if (mime !== '') parseMime(mime)
  const chosen = selectionOf(message)
  if (chosen.kind === 'template') templateNames(chosen.template)
  return message
}

/** What an object is called in the shard. */
export function fileName({ bnonly, isbn }: ArchiveMessage, bucket: string, name: string): string {
  const own = bnonly ? name.slice(name.lastIndexOf('/') + 1) : name
  return isbn ? `${bucket}/${own}` : own
}
