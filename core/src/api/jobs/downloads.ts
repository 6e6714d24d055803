import { RE2JS } from 're2js'
import { z } from 'zod'
import { utf8Decode } from '../../algorithms/utf8.ts'
import { findBucket } from '../../bucket/bmd.ts'
import { limits } from '../../config/limits.ts'
import { downloadJobOf, downloadStatusOf } from '../../download/download-details.ts'
import { parseDownload } from '../../download/download-message.ts'
import { AisError, isAisError } from '../../errors/ais-error.ts'
import { type ApiCall, readBody } from '../../node/api-call.ts'
import { endpoint } from '../../node/endpoint.ts'
import { emptyReply, jsonReply, textReply } from '../../node/replies.ts'
import { createBucketHere } from '../../proxy/create-bucket.ts'
import {
  changeDownload,
  type DownloadQuery,
  downloadStatus,
  listDownloads,
} from '../../proxy/downloads.ts'
import { forwardToPrimary } from '../../proxy/forward.ts'
import { startXaction } from '../../proxy/start-xaction.ts'
import type { TargetNode } from '../../target/target.ts'
import { parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import { strict } from '../../wire/strict.ts'
import type { XactionSnap } from '../../wire/xaction.ts'

const querySchema = z.strictObject({
  id: z.string().default(''),
  regex: z.string().max(1_024).default(''),
  only_active_tasks: z.boolean().default(false),
})

async function queryOf(api: ApiCall, needsId: boolean): Promise<DownloadQuery> {
  const bytes = await readBody(api.call, limits.jsonBytesMax)
  const json = bytes.length === 0 ? {} : parseJsonBytes(bytes)
  const query = strict(querySchema, json, 'download query')
  if (query.id !== '' && query.regex !== '') {
    throw new AisError(
      'ErrBadRequest',
      `regex "${query.regex}" and job ID "${query.id}" cannot be defined together (choose one or the other)`,
    )
  }
  if (query.id === '' && needsId) throw new AisError('ErrBadRequest', 'UUID not specified')
  return query
}

const kind = 'download'

function compile(regex: string): RE2JS {
  try {
    return RE2JS.compile(regex)
  } catch (cause) {
    throw new AisError('ErrBadRequest', `invalid regular expression "${regex}"`, { cause })
  }
}

function snapOf(target: TargetNode, id: string): XactionSnap {
  const snap = target.xactions.snaps().find((one) => one.id === id && one.kind === kind)
  if (snap !== undefined) return snap
  throw new AisError('ErrNotFound', `download job "${id}" does not exist`)
}

/** POST `/v1/download`: objects from links begin to come. A bucket that is not there is made. @see AIStore ais/prxdl.go */
export const startDownload = endpoint({
  resource: 'download',
  method: 'POST',
  proxyNetworks: ['public', 'control'],
  async proxy(api, proxy) {
    const bytes = await readBody(api.call, limits.nameListBytesMax)
    const args = parseJsonBytes(bytes)
    const { bck } = parseDownload(args)
    if (findBucket(proxy.metadata.bmd(), bck) === undefined) {
      if (!proxy.isPrimary()) return forwardToPrimary(api, proxy, utf8Decode(bytes))
      try {
        await createBucketHere(proxy, bck, null)
      } catch (error) {
        // Somebody else was faster.
        if (!isAisError(error, 'ErrBucketAlreadyExists')) throw error
      }
    }
    return jsonReply({ id: await startXaction(proxy, { kind, bck, args, idPrefix: 'dnl-' }) })
  },
})

/** GET `/v1/download`: one download by its ID, or all, or those whose description matches. */
export const getDownloads = endpoint({
  resource: 'download',
  method: 'GET',
  targetNetworks: ['control'],
  async proxy(api, proxy) {
    const query = await queryOf(api, false)
    const found =
      query.id === '' ? await listDownloads(proxy, query) : await downloadStatus(proxy, query)
    return textReply(stringifyJson(found))
  },
  async target(api, target) {
    const { id, regex, only_active_tasks: onlyActive } = await queryOf(api, false)
    if (id !== '') {
      return jsonReply(downloadStatusOf(snapOf(target, id), target.downloads.find(id), onlyActive))
    }
    const pattern = regex === '' ? undefined : compile(regex)
    const jobs = target.xactions
      .snaps()
      .filter((snap) => snap.kind === kind && !(onlyActive && snap.endedAt !== undefined))
      .map((snap) => downloadJobOf(snap, target.downloads.find(snap.id)))
    return jsonReply(jobs.filter(({ description }) => pattern?.matcher(description).find() ?? true))
  },
})

/** DELETE `/v1/download/abort` and `/v1/download/remove`: a download ends, or is forgotten when it is over. */
export const deleteDownload = endpoint({
  resource: 'download',
  method: 'DELETE',
  targetNetworks: ['control'],
  async proxy(api, proxy) {
    await changeDownload(proxy, verbOf(api), await queryOf(api, true))
    return emptyReply()
  },
  async target(api, target) {
    const { id } = await queryOf(api, true)
    const { endedAt } = snapOf(target, id)
    if (verbOf(api) === 'abort') {
      target.xactions.stop({ id }, 'aborted by the user')
      return emptyReply()
    }
    if (endedAt === undefined) {
      throw new AisError('ErrBadRequest', `download job "${id}" is still running`)
    }
    await target.xactions.forget(id)
    await target.downloads.remove(id)
    return emptyReply()
  },
})

function verbOf({ items, target }: ApiCall): 'abort' | 'remove' {
  const [verb, more] = items
  if (more === undefined && (verb === 'abort' || verb === 'remove')) return verb
  throw new AisError('ErrBadRequest', `invalid URL path "${target.path}": abort or remove`)
}
