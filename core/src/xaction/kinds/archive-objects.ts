import type { NewMember } from '../../archive/member.ts'
import { objectUname, sameBck } from '../../bucket/bck.ts'
import { hrwTarget } from '../../cluster/hrw.ts'
import { AisError } from '../../errors/ais-error.ts'
import { type BatchFault, errorOfFault, isFault } from '../../get-batch/batch-part.ts'
import { outlookOf, planParts } from '../../get-batch/plan-parts.ts'
import { checkBucketAccess } from '../../node/access.ts'
import { writeArchived } from '../../target/archive/write-archived.ts'
import { placeObject, type TargetBucket } from '../../target/target.ts'
import { selectionOf, templateNames } from '../../wire/list-range.ts'
import { clusterNames } from '../cluster-names.ts'
import { type Tell, toldWork } from '../told-work.ts'
import { plainTraits, type XactionContext, type XactionKind } from '../xaction-kind.ts'
import { type ArchiveMessage, fileName, parseArchive } from './archive-message.ts'

/** Objects that the targets are asked for at once. */
const askedAtOnce = 1_000

interface Buckets {
  readonly from: TargetBucket
  readonly to: TargetBucket
}

function bucketsOf({ bucket, to }: XactionContext): Buckets {
  if (bucket !== undefined) return { from: bucket, to: to ?? bucket }
  throw new AisError('ErrBadRequest', 'the bucket to archive from is missing')
}

/** Every name once, in lists; a shard is no part of itself. */
async function* nameLists(
  context: XactionContext,
  { from, to }: Buckets,
  message: ArchiveMessage,
): AsyncGenerator<readonly string[]> {
  const chosen = selectionOf(message)
  const recursive = !message['non-recurs']
  const names =
    chosen.kind === 'names'
      ? new Set(chosen.names)
      : chosen.kind === 'template'
        ? templateNames(chosen.template)
        : clusterNames(context, from, { prefix: chosen.prefix, recursive })
  const isOwnBucket = sameBck(from.bck, to.bck)
  let list: string[] = []
  for await (const name of names) {
    if (isOwnBucket && name === message.archname) continue
    list.push(name)
    if (list.length < askedAtOnce) continue
    yield list
    list = []
  }
  if (list.length > 0) yield list
}

/** The objects as files, brought from wherever they lie, in their order. */
async function* membersOf(
  context: XactionContext,
  buckets: Buckets,
  message: ArchiveMessage,
  tell: Tell,
): AsyncGenerator<NewMember> {
  const { target, signal } = context
  const { bck } = buckets.from
  const mayBeAbsent = selectionOf(message).kind !== 'names'
  const mtimeSeconds = Math.floor(target.platform.clock.now() / 1000)
  const failed = async (object: string, fault: BatchFault): Promise<void> => {
    if (mayBeAbsent && fault.code === 'ErrNotFound') return
    const failure = `${object}: ${fault.message}`
    if (!message.coer) throw new Error(failure, { cause: errorOfFault(fault) })
    await tell({ failure })
  }
  for await (const objects of nameLists(context, buckets, message)) {
    const entries = objects.map((name) => ({ bck, name, archivePath: '', start: 0, length: 0 }))
    const names = objects.map((name) => fileName(message, bck.name, name))
    const placeOf = ({ name }: { readonly name: string }) => placeObject(target, buckets.from, name)
    const assembly = planParts(target, { entries, names, needsSizes: false, placeOf, signal })
    try {
      for (const [i, row] of (await outlookOf(assembly)).entries()) {
        signal.throwIfAborted()
        const source = assembly.sources[i]
        const object = objects[i] ?? ''
        if (isFault(row)) {
          await failed(object, row)
          continue
        }
        if (source === undefined || 'code' in source) throw new Error('assert: it has a source')
        const delivery = await source.next()
        if (isFault(delivery)) {
          await failed(object, delivery)
          continue
        }
        const { sizeBytes, content } = delivery
        yield { name: names[i] ?? '', sizeBytes, mtimeSeconds, content: named(object, content) }
        await tell({ objects: 1, bytes: sizeBytes })
      }
    } finally {
      await Promise.all(assembly.parts.map((part) => part.close().catch(() => undefined)))
    }
  }
}

/** Content whose errors tell of which object. */
function named(object: string, content: NewMember['content']): NewMember['content'] {
  return content instanceof Uint8Array ? content : namedChunks(object, content)
}

async function* namedChunks(
  object: string,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${object}: ${why}`, { cause: error })
  }
}

/**
 * `archive`: objects become the files of one shard, which the target that owns it writes. The shard that is there stays as
 * it was until all of them are in.
 */
export const archiveObjects: XactionKind<ArchiveMessage> = {
  kind: 'archive',
  traits: { ...plainTraits, title: 'archive', needsRest: true, idles: true },
  parse: parseArchive,
  check(_message, context) {
    const { from, to } = bucketsOf(context)
    checkBucketAccess(from.bck, from.props, 'GET')
    checkBucketAccess(to.bck, to.props, 'PUT')
  },
  async *run(message, context) {
    const { target, signal } = context
    const buckets = bucketsOf(context)
    const { archname, mime } = message
    const owner = hrwTarget(target.metadata.smap(), objectUname(buckets.to.bck, archname))
    if (owner.daemonId !== target.self().daemonId) return
    const place = placeObject(target, buckets.to, archname)
    const mode = message.aate ? 'append-or-create' : 'replace'
    yield* toldWork(async (tell) => {
      const members = membersOf(context, buckets, message, tell)
      await writeArchived(target, place, members, { mode, mime, signal })
    })
  },
}
