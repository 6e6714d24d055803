import { z } from 'zod'
import type { Bck } from '../bucket/bck.ts'
import { hasFeature } from '../config/features.ts'
import { checkBucketAccess } from '../node/access.ts'
import { textReply } from '../node/replies.ts'
import type { Reply } from '../ports/call.ts'
import type { ActionMsg } from '../wire/action-msg.ts'
import { parseJsonBytes, stringifyJson } from '../wire/json.ts'
import { parsePromote } from '../xaction/kinds/promote-message.ts'
import { type ProxyNode, proxyBucket } from './proxy.ts'
import { orderTarget, startXaction, xactionTargets } from './start-xaction.ts'

const viewSchema = z.object({ files: z.number(), digest: z.string() })

/**
 * Starts to make files objects, and answers with the job's ID. Where all targets see the same files each of them takes
 * its own, unless the message, or the cluster's features, say that they share nothing.
 * @throws AisError as the first target that sees no source
 */
export async function promoteFiles(proxy: ProxyNode, bck: Bck, action: ActionMsg): Promise<Reply> {
  const message = parsePromote(action)
  const props = await proxyBucket(proxy, bck)
  checkBucketAccess(bck, props, 'PROMOTE')
  const targetId = message.tid === '' ? undefined : message.tid
  const body = stringifyJson({ action: 'view-source', name: '', value: message })
  const views = await Promise.all(
    xactionTargets(proxy, targetId).map(async (target) =>
      viewSchema.parse(parseJsonBytes(await orderTarget(proxy, target, body))),
    ),
  )
  const [first, ...others] = views
  const sees = (view: z.output<typeof viewSchema>) => view.digest === first?.digest
  const detects =
    !message.notshr && !hasFeature(proxy.metadata.config().features, 'Do-not-Auto-Detect-FileShare')
  const isShared = detects && others.length > 0 && others.every(sees)
  const args = { ...message, isShared }
  return textReply(await startXaction(proxy, { kind: 'promote', bck, args, targetId }))
}
