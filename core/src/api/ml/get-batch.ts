import { limits } from '../../config/limits.ts'
import { AisError } from '../../errors/ais-error.ts'
import { assembleBatch } from '../../get-batch/assemble.ts'
import { parseBatchRequest } from '../../get-batch/batch-request.ts'
import { LocalPart, placeForClient } from '../../get-batch/local-part.ts'
import { parsePartRequest } from '../../get-batch/part-wire.ts'
import { pathBucket, redirectBatch } from '../../get-batch/redirect-batch.ts'
import { sendPart } from '../../get-batch/send-part.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { isRedirected } from '../../wire/redirect.ts'

/** The path behind `/v1/ml`: `moss[/bucket]/job/work/targets`. @throws AisError `ErrBadRequest` */
function parseItems({ items, target }: ApiCall): { bucket: string | undefined; jobId: string } {
  const [kind, ...rest] = items
  const bucket = rest.length === 4 ? rest.shift() : undefined
  const [jobId] = rest
  if (kind === 'moss' && jobId !== undefined && rest.length === 3) return { bucket, jobId }
  throw new AisError('ErrBadRequest', `invalid URL path "${target.path}"`)
}

/** Many objects, and files in shards, in one answer: 307 at the gateway, put together by the target it names. */
export const getBatch = endpoint({
  resource: 'ml',
  method: 'GET',
  proxy: (api, proxy) => redirectBatch(api, proxy),
  async target(api, target) {
    if (!isRedirected(api.target.query)) {
      throw new AisError('ErrUnauthorized', 'get-batch is expected to be redirected')
    }
    const { bucket, jobId } = parseItems(api)
    const bytes = await readBody(api.call, limits.nameListBytesMax)
    const bck = pathBucket(api, bucket)
    const request = parseBatchRequest(bytes, bck)
    const admitted = target.batches.admit()
    const job = target.xactions.track({ id: jobId, kind: 'get-batch', bck })
    return assembleBatch(target, api, request, job, (failure) => {
      admitted()
      if (failure === undefined) job.idle()
      else job.end(failure)
    })
  },
})

/** POST between targets: what this one holds of a batch. */
export const getBatchPart = endpoint({
  resource: 'ml',
  method: 'POST',
  targetNetworks: ['data', 'control'],
  async target(api, target) {
    const request = parsePartRequest(await readBody(api.call, limits.nameListBytesMax))
    const placeOf = placeForClient(target, api)
    return sendPart(new LocalPart(target, placeOf, request, api.call.signal))
  },
})
