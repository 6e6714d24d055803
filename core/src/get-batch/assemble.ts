import { contentTypeOf } from '../archive/formats.ts'
import { checkMemberName, type NewMember } from '../archive/member.ts'
import { writeArchive } from '../archive/write-archive.ts'
import { objectUname } from '../bucket/bck.ts'
import { hrwTarget } from '../cluster/hrw.ts'
import type { Snode } from '../cluster/snode.ts'
import type { ApiCall } from '../node/api-call.ts'
import type { Reply } from '../ports/call.ts'
import { archivePlatform } from '../target/archive/open-shard.ts'
import { afterTurn } from '../target/list-cursor.ts'
import type { TargetNode } from '../target/target.ts'
import {
  type BatchFault,
  type BatchPart,
  errorOfFault,
  faultOf,
  isFault,
  isFinal,
  type Outlook,
  type PartRequest,
} from './batch-part.ts'
import { type BatchEntry, type BatchRequest, missingName, nameInAnswer } from './batch-request.ts'
import { LocalPart } from './local-part.ts'
import { multipartBody, multipartType } from './multipart-answer.ts'
import { PeerPart } from './peer-part.ts'

/** What becomes of each entry, by its index: the part that brings it, or why none does. */
interface Assembly {
  readonly parts: readonly BatchPart[]
  readonly sources: readonly (BatchPart | BatchFault)[]
}

/** A name that leads elsewhere never gets into an archive. */
function findNameFault(name: string): BatchFault | undefined {
  try {
    checkMemberName(name)
    return undefined
  } catch (error) {
    return faultOf(error)
  }
}

function peerPart(
  target: TargetNode,
  peer: Snode,
  request: PartRequest,
  signal: AbortSignal,
): BatchPart {
  const waitMs = target.metadata.config().get_batch.max_wait
  return new PeerPart({
    request,
    signal,
    ask: (call) => target.transport.call(peer, 'data', call, waitMs),
    monotonic: target.platform.clock.monotonic,
    afterTurn: () => afterTurn(target),
    onRetry({ message }) {
      const facts = { peer: peer.daemonId, error: message }
      target.log.warn('a part of a batch is asked for again', facts)
    },
  })
}

/** Groups the entries by the targets that hold them. */
function planParts(
  target: TargetNode,
  api: ApiCall,
  request: BatchRequest,
  names: readonly string[],
  signal: AbortSignal,
): Assembly {
  const smap = target.metadata.smap()
  const ownId = target.self().daemonId
  const groups = new Map<string, { readonly entries: BatchEntry[]; readonly part: BatchPart }>()
  const groupOf = (id: string) => {
    const found = groups.get(id)
    if (found !== undefined) return found
    const entries: BatchEntry[] = []
    const asked = { entries, needsSizes: !request.streaming }
    const peer = id === ownId ? undefined : smap.targets.get(id)
    const part =
      peer === undefined
        ? new LocalPart(target, api, asked, signal)
        : peerPart(target, peer, asked, signal)
    const group = { entries, part }
    groups.set(id, group)
    return group
  }
  const sources = request.entries.map((entry, i) => {
    const fault = findNameFault(names[i] ?? '')
    if (fault !== undefined) return fault
    const group = groupOf(hrwTarget(smap, objectUname(entry.bck, entry.name)).daemonId)
    group.entries.push(entry)
    return group.part
  })
  return { parts: [...groups.values()].map(({ part }) => part), sources }
}

/** What is known of every entry, asked of all targets at the same time. */
async function outlookOf({ parts, sources }: Assembly): Promise<Outlook[]> {
  const all = await Promise.all(parts.map((part) => part.outlook()))
  const rows = new Map(parts.map((part, i) => [part, (all[i] ?? [])[Symbol.iterator]()]))
  return sources.map((source) => {
    if ('code' in source) return source
    const next = rows.get(source)?.next()
    if (next === undefined || next.done) throw new Error('assert: a part knows of every entry')
    return next.value
  })
}

/** @throws AisError the first fault that the request does not go on after */
function checkFaults(request: BatchRequest, rows: readonly Outlook[]): void {
  const faults = rows.filter(isFault)
  const fault = faults.find(isFinal) ?? (request.continueOnError ? undefined : faults[0])
  if (fault !== undefined) throw errorOfFault(fault)
}

interface Answer {
  readonly target: TargetNode
  readonly request: BatchRequest
  readonly assembly: Assembly
  readonly names: readonly string[]
  readonly rows: readonly Outlook[]
}

async function* membersOf({
  target,
  request,
  assembly,
  names,
  rows,
}: Answer): AsyncGenerator<NewMember> {
  const mtimeSeconds = Math.floor(target.platform.clock.now() / 1000)
  const missing = (name: string): NewMember => {
    const content = new Uint8Array(0)
    return { name: missingName(name), sizeBytes: 0, mtimeSeconds, content }
  }
  for (const [i, row] of rows.entries()) {
    const name = names[i] ?? ''
    const source = assembly.sources[i]
    if (source === undefined || 'code' in source || isFault(row)) {
      yield missing(name)
      continue
    }
    const delivery = await source.next()
    if (isFault(delivery)) {
      checkLateFault(request, row, delivery)
      yield missing(name)
    } else {
      yield { name, sizeBytes: delivery.sizeBytes, mtimeSeconds, content: delivery.content }
    }
  }
}

/** @throws AisError what went wrong behind the first byte cannot be told any more in another way than by breaking off */
function checkLateFault(
  request: BatchRequest,
  row: { readonly sizeBytes: number },
  fault: BatchFault,
): void {
  const wasTold = !request.streaming && row.sizeBytes > 0
  if (request.continueOnError && !wasTold && !isFinal(fault)) return
  throw errorOfFault(fault)
}

/**
 * Puts a batch together: all targets that hold something send it at the same time, each in order, no faster than the
 * client reads; nothing is kept but a piece of each.
 * @param end called once, when all is over
 * @throws AisError before the first byte: what is missing (without `coer`), may not be read, or has no such range
 */
export async function assembleBatch(
  target: TargetNode,
  api: ApiCall,
  request: BatchRequest,
  jobId: string,
  end: () => void,
): Promise<Reply> {
  const ended = new AbortController()
  const abort = () => ended.abort(new Error('the batch is over'))
  api.call.signal.addEventListener('abort', abort, { once: true })
  const names = request.entries.map((entry) => nameInAnswer(entry, request.onlyObjectName))
  const assembly = planParts(target, api, request, names, ended.signal)
  const finish = () => {
    api.call.signal.removeEventListener('abort', abort)
    abort()
    for (const part of assembly.parts) part.close().catch(() => undefined)
    end()
  }
  try {
    const rows = await outlookOf(assembly)
    checkFaults(request, rows)
    target.stats.add('getbatch.n')
    const members = membersOf({ target, request, assembly, names, rows })
    const archive = writeArchive(archivePlatform(target), request.format, members)
    const boundary = target.platform.random.bytes(30)
    const chunks = request.streaming
      ? archive
      : multipartBody({ request, rows, jobId, boundary, archive })
    const type = request.streaming ? contentTypeOf(request.format) : multipartType(boundary)
    return {
      status: 200,
      headers: [['Content-Type', type]],
      body: { kind: 'stream', chunks },
      onEnd(complete) {
        finish()
        if (!complete) target.stats.add('err.getbatch.n')
      },
    }
  } catch (error) {
    finish()
    target.stats.add('err.getbatch.n')
    throw error
  }
}
