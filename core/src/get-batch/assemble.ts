import { contentTypeOf } from '../archive/formats.ts'
import type { NewMember } from '../archive/member.ts'
import { writeArchive } from '../archive/write-archive.ts'
import type { ApiCall } from '../node/api-call.ts'
import type { Reply } from '../ports/call.ts'
import { archivePlatform } from '../target/archive/open-shard.ts'
import type { TargetNode } from '../target/target.ts'
import type { TrackedXaction } from '../xaction/xaction-runner.ts'
import { type BatchFault, errorOfFault, isFault, isFinal, type Outlook } from './batch-part.ts'
import { type BatchRequest, missingName, nameInAnswer } from './batch-request.ts'
import { placeForClient } from './local-part.ts'
import { multipartBody, multipartType } from './multipart-answer.ts'
import { type Assembly, outlookOf, planParts } from './plan-parts.ts'
import { SoftErrors } from './soft-errors.ts'

/** @throws AisError the first fault that the request does not go on after */
function checkFaults(
  request: BatchRequest,
  rows: readonly Outlook[],
  softErrors: SoftErrors,
): void {
  const faults = rows.filter(isFault)
  const fault = faults.find(isFinal) ?? (request.continueOnError ? undefined : faults[0])
  if (fault !== undefined) throw errorOfFault(fault)
  for (const soft of faults) softErrors.add(soft)
}

interface Answer {
  readonly target: TargetNode
  readonly request: BatchRequest
  readonly assembly: Assembly
  readonly names: readonly string[]
  readonly rows: readonly Outlook[]
  readonly job: TrackedXaction
  readonly softErrors: SoftErrors
}

async function* membersOf({
  target,
  request,
  assembly,
  names,
  rows,
  job,
  softErrors,
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
      softErrors.add(delivery)
      yield missing(name)
    } else {
      job.count({ objects: 1, bytes: delivery.sizeBytes })
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
 * @param job counts what was given, and ends the batch when it is stopped
 * @param end called once, when all is over, with what went wrong before the first byte
 * @throws AisError before the first byte: what is missing (without `coer`, or more than `get_batch.max_soft_errs` of it), may
 * not be read, or has no such range
 */
export async function assembleBatch(
  target: TargetNode,
  api: ApiCall,
  request: BatchRequest,
  job: TrackedXaction,
  end: (failure?: string) => void,
): Promise<Reply> {
  const ended = new AbortController()
  const abort = () => ended.abort(new Error('the batch is over'))
  api.call.signal.addEventListener('abort', abort, { once: true })
  job.signal.addEventListener('abort', abort, { once: true })
  const names = request.entries.map((entry) => nameInAnswer(entry, request.onlyObjectName))
  const placeOf = placeForClient(target, api)
  const { entries, streaming } = request
  const asked = { entries, names, needsSizes: !streaming, placeOf, signal: ended.signal }
  const assembly = planParts(target, asked)
  const finish = (failure?: string) => {
    api.call.signal.removeEventListener('abort', abort)
    abort()
    for (const part of assembly.parts) part.close().catch(() => undefined)
    end(failure)
  }
  try {
    const rows = await outlookOf(assembly)
    const { max_soft_errs: softErrorsMax } = target.settings.current().get_batch
    const softErrors = new SoftErrors(softErrorsMax)
    checkFaults(request, rows, softErrors)
    target.stats.add('getbatch.n')
    const members = membersOf({ target, request, assembly, names, rows, job, softErrors })
    const archive = writeArchive(archivePlatform(target), request.format, members)
    const boundary = target.platform.random.bytes(30)
    const chunks = request.streaming
      ? archive
      : multipartBody({ request, rows, jobId: job.id, boundary, archive })
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
    finish(error instanceof Error ? error.message : String(error))
    target.stats.add('err.getbatch.n')
    throw error
  }
}
