import { z } from 'zod'
import { toBase36 } from '../algorithms/short-id.ts'
import { compareUtf8 } from '../algorithms/utf8.ts'
import { bckUname } from '../bucket/bck.ts'
import { activeTargets } from '../cluster/smap.ts'
import type { Snode } from '../cluster/snode.ts'
import { AisError } from '../errors/ais-error.ts'
import { checkStatus } from '../node/node-answer.ts'
import { listPage } from '../target/list-page.ts'
import type { TargetBucket } from '../target/target.ts'
import { parseJsonBytes, stringifyJson } from '../wire/json.ts'
import type { XactionContext } from './xaction-kind.ts'

/** Names of a page of one target. */
const pageNames = 1_000
/** Time a peer has for one, ms. */
const askTimeoutMs = 30_000

const pageSchema = z.object({ entries: z.array(z.object({ name: z.string() })), end: z.boolean() })

/** What is listed. */
export interface NamesQuery {
  readonly prefix: string
  readonly recursive: boolean
}

interface NamesPage {
  readonly names: readonly string[]
  readonly end: boolean
}

async function pageOf(
  { target }: XactionContext,
  peer: Snode,
  bucket: TargetBucket,
  asked: NamesQuery & { readonly after: string },
): Promise<NamesPage> {
  const query = { ...asked, limit: pageNames, dirs: false, timeFormat: '' }
  if (peer.daemonId === target.self().daemonId) {
    const page = await listPage(target, bucket, { ...query, props: new Set(['name']) })
    return { names: page.entries.map(({ name }) => name), end: page.end }
  }
  const named = { bucket: bckUname(bucket.bck), bid: toBase36(bucket.bid), props: ['name'] }
  const call = {
    method: 'POST',
    target: '/v1/list/s3',
    body: stringifyJson({ ...query, ...named }),
  }
  const answer = await target.transport.call(peer, 'data', call, askTimeoutMs)
  const page = pageSchema.safeParse(parseJsonBytes(await checkStatus(answer)))
  if (!page.success) {
    throw new AisError('ErrInternal', `t[${peer.daemonId}]: a malformed page of a listing`)
  }
  return { names: page.data.entries.map(({ name }) => name), end: page.data.end }
}

/** The names of a bucket at all targets, in UTF-8 byte order. @throws AisError a target cannot tell */
export async function* clusterNames(
  context: XactionContext,
  bucket: TargetBucket,
  query: NamesQuery,
): AsyncGenerator<string> {
  for (let after = ''; ; ) {
    const peers = activeTargets(context.target.metadata.smap())
    const pages = await Promise.all(
      peers.map((peer) => pageOf(context, peer, bucket, { ...query, after })),
    )
    // Beyond the last name of a page its target may have others.
    const bounds = pages.flatMap(({ names, end }) => (end ? [] : names.slice(-1)))
    const [bound] = bounds.sort(compareUtf8)
    const names = pages.flatMap((page) => page.names).sort(compareUtf8)
    for (const name of names) {
      if (bound === undefined || compareUtf8(name, bound) <= 0) yield name
    }
    if (bound === undefined) return
    after = bound
  }
}
