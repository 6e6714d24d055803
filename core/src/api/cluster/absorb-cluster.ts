import { absorb, parseOffer } from '../../cluster/offer.ts'
import { AisError } from '../../errors/ais-error.ts'
import type { ApiCall } from '../../node/api-call.ts'
import { emptyReply } from '../../node/replies.ts'
import type { Reply } from '../../ports/call.ts'
import type { ProxyNode } from '../../proxy/proxy.ts'
import type { JsonValue } from '../../wire/json.ts'

/**
 * POST `/v1/cluster/absorb`, from the primary of another cluster that gives itself up for this one: its buckets are here
 * from now on, and its nodes may come. Answers when that is in force.
 * @throws AisError as `absorb`; `ErrForbidden` on the public network
 */
export async function absorbCluster(
  api: ApiCall,
  { isPrimary, primary, log }: ProxyNode,
  json: JsonValue,
): Promise<Reply> {
  if (api.call.network !== 'control') {
    throw new AisError('ErrForbidden', 'a cluster is taken in by its primary, not by a client')
  }
  if (!isPrimary()) throw new AisError('ErrNotReady', 'this gateway does not lead')
  const offer = parseOffer(json)
  await primary.update((now) => absorb(now, offer))
  log.warn('another cluster gives itself up for this one', {
    cluster: offer.uuid,
    trial: offer.trial,
  })
  return emptyReply()
}
