import { AisClientError } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import type { Bck } from '@aistore-ts/sdk/names/bck.ts'
import { checkBucketName, parseBckUri } from '@aistore-ts/sdk/names/bck-uri.ts'
import { CommandError, UsageError } from './usage-error.ts'

export interface ObjectArgument {
  readonly bck: Bck
  /** Empty when only a bucket was named. */
  readonly name: string
}

/** `BUCKET`. @throws UsageError, CommandError */
export function parseBucket(text: string, defaultProvider: string): Bck {
  const { bck, name } = parseObject(text, defaultProvider, true)
  if (name !== '') throw new UsageError(`unexpected object name argument ${JSON.stringify(name)}`)
  return bck
}

/** `BUCKET/OBJECT`, or with `nameOptional` also `BUCKET`. @throws UsageError, CommandError */
export function parseObject(
  text: string,
  defaultProvider: string,
  nameOptional = false,
): ObjectArgument {
  if (text.length > 1 && text.startsWith('-')) {
    throw new UsageError(`missing command line argument (hint: flag '${text}' misplaced?)`)
  }
  const slash = /^([a-z0-9]+):\/(?!\/)/i.exec(text)
  if (slash !== null) {
    const meant = text.replace(':/', '://')
    throw new CommandError(`bucket name in "${text}" is invalid: (did you mean "${meant}"?)`)
  }
  try {
    const { bck, objectName } = parseBckUri(text, defaultProvider)
    if (bck.name === '') throw new UsageError(`${JSON.stringify(text)}: missing bucket name`)
    checkBucketName(bck.name, text)
    if (objectName === '' && !nameOptional) {
      throw new UsageError(`${JSON.stringify(text)}: missing object name`)
    }
    return { bck, name: objectName }
  } catch (error) {
    if (error instanceof AisClientError) throw new CommandError(error.message)
    throw error
  }
}
