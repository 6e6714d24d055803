import { z } from 'zod'
import { objectUname } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { checkObjectName } from '../../object/object-name.ts'
import { putContent } from '../../target/put-content.ts'
import type { TargetBucket } from '../../target/target.ts'
import { isJsonObject } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'
import { eachObject, workersAuto } from '../object-selection.ts'
import { plainTraits, type Work, type XactionContext, type XactionKind } from '../xaction-kind.ts'
import { objectExists } from './object-exists.ts'
import { type PromoteMessage, parsePromote, promotedName } from './promote-message.ts'
import { readSource, removeSource, type SourceFile, sourceFiles } from './promote-source.ts'

interface PromoteArgs {
  readonly message: PromoteMessage
  /** All targets see the same files: each takes those whose objects it owns. */
  readonly isShared: boolean
}

/** What a gateway adds to the message. */
const sharedSchema = z.strictObject({ isShared: z.boolean() })

interface NamedFile extends SourceFile {
  readonly name: string
}

async function* chosenFiles(
  { target }: XactionContext,
  bucket: TargetBucket,
  { message, isShared }: PromoteArgs,
): AsyncGenerator<NamedFile> {
  try {
    for await (const file of sourceFiles(target, message)) {
      const name = promotedName(message, file.below)
      const owner = hrwTarget(target.metadata.smap(), objectUname(bucket.bck, name))
      if (!isShared || owner.daemonId === target.self().daemonId) yield { ...file, name }
    }
  } catch (error) {
    // Another target was done with what was there, and removed it.
    const isGone = isAisError(error) && error.code === 'ErrNotFound'
    if (!isShared || !message.dls || !isGone) throw error
  }
}

async function promoteFile(
  context: XactionContext,
  bucket: TargetBucket,
  { ovw: overwrites, dls: removes }: PromoteMessage,
  file: NamedFile,
): Promise<Work> {
  const { target } = context
  const { name, sizeBytes } = file
  checkObjectName(name, { forWrite: true })
  if (!overwrites && (await objectExists(context, bucket, name))) {
    if (removes) removeSource(target, file)
    return {}
  }
  const content = { sizeBytes, custom: [], read: () => readSource(target, file) }
  const isAway = await putContent(target, bucket, name, content)
  if (removes) removeSource(target, file)
  const work = { objects: 1, bytes: sizeBytes }
  return isAway ? { ...work, outObjects: 1, outBytes: sizeBytes } : work
}

/**
 * `promote`: files below the promote root become objects. What was there already stays, unless it is to be overwritten.
 * A source to be deleted goes in both cases, as upstream has it (`ais/tpromote.go`).
 * @see AIStore docs/http_api.md, xact/xs/dpromote.go
 */
export const promote: XactionKind<PromoteArgs> = {
  kind: 'promote',
  traits: { ...plainTraits, title: 'promote-files' },
  parse(value) {
    if (!isJsonObject(value)) throw new AisError('ErrBadRequest', 'promote: expected an object')
    const { isShared: shared = false, ...message } = value
    const { isShared } = strict(sharedSchema, { isShared: shared }, 'promote message')
    return { message: parsePromote({ name: '', value: message }), isShared }
  },
  check(_args, { bucket }) {
    if (bucket) checkBucketAccess(bucket.bck, bucket.props, 'PROMOTE')
  },
  async *run(args, context) {
    const { bucket, signal } = context
    if (bucket === undefined) return
    const files = chosenFiles(context, bucket, args)
    const options = { workers: workersAuto, goesOn: false, signal }
    yield* eachObject(files, options, (file) => promoteFile(context, bucket, args.message, file))
  },
}
