import { limits } from '../../config/limits.ts'
import { checkStatus } from '../../node/node-answer.ts'
import type { NodeCall } from '../../ports/call.ts'
import type { Platform } from '../../ports/platform.ts'
import { type JsonValue, parseJsonBytes, stringifyJson } from '../../wire/json.ts'
import { type Offer, offerToJson } from '../offer.ts'
import { parseSmap, type Smap } from '../smap.ts'
import { parseSnode, type Snode } from '../snode.ts'
import {
  type KeepaliveAnswer,
  type KeepaliveMsg,
  keepaliveToJson,
  metasyncText,
  parseKeepaliveAnswer,
  parseMetasyncAnswer,
  parseVoteAnswer,
  voteToJson,
} from './control-wire.ts'
import { createDocumentTexts } from './document-texts.ts'
import type { MetasyncAnswer, MetasyncMsg } from './follow.ts'
import type { VoteAnswer, VoteMsg } from './vote.ts'

/** The control calls from node to node. Each throws AisError: `ErrUnreachable`, or what the peer said. */
export interface Peers {
  /** Says where a node is at present, when the map may not know yet. */
  learn(node: Snode): void
  /** Nodes that said where they are. */
  learned(): readonly Snode[]
  metasync(to: Snode, message: MetasyncMsg, timeoutMs: number): Promise<MetasyncAnswer>
  vote(to: Snode, message: VoteMsg, timeoutMs: number): Promise<VoteAnswer>
  /** Asks a gateway to stand for election at once: the primary hands over to it. */
  handOver(to: Snode, timeoutMs: number): Promise<void>
  /** `query` marks one that a gateway passes on. */
  keepalive(
    url: string,
    message: KeepaliveMsg,
    timeoutMs: number,
    query?: string,
  ): Promise<KeepaliveAnswer>
  /** The map in force at `url`. */
  smapAt(url: string, timeoutMs: number): Promise<Smap>
  /** Has the primary at `url` take in what a cluster that gives itself up has. */
  absorb(url: string, offer: Offer, timeoutMs: number): Promise<void>
  /** ID of the cluster that the node at `url` belongs to; empty: to none. */
  clusterAt(url: string, timeoutMs: number): Promise<string>
  /** The node that answers at `url`, as it describes itself. */
  describe(url: string, timeoutMs: number): Promise<Snode>
  /** Tells a node to join the cluster of the gateway at `gatewayUrl`. */
  admit(to: Snode, gatewayUrl: string, cluster: string, timeoutMs: number): Promise<void>
  /** Has a node run an action of its own. */
  order(to: Snode, action: string, value: unknown, timeoutMs: number): Promise<void>
  /** Tells the primary that node `daemonId` stops. */
  farewell(to: Snode, daemonId: string, timeoutMs: number): Promise<void>
  /** Tells the primary that node `daemonId` leaves the map. */
  leave(to: Snode, daemonId: string, timeoutMs: number): Promise<void>
  /** ID of the node that answers at `url`. */
  identify(url: string, timeoutMs: number): Promise<string>
  /** Control URL of a node, by what is known at present. */
  urlOf(node: Snode): string
}

export function createPeers(platform: Pick<Platform, 'call'>): Peers {
  const learned = new Map<string, Snode>()
  const textsOf = createDocumentTexts()
  const urlOf = (node: Snode) => (learned.get(node.daemonId) ?? node).controlNet.url

  async function ask(url: string, call: NodeCall, timeoutMs: number): Promise<JsonValue> {
    const bytes = await checkStatus(
      await platform.call(url, call, timeoutMs),
      limits.metadataBytesMax,
    )
    return bytes.length === 0 ? null : parseJsonBytes(bytes)
  }

  const smapAt: Peers['smapAt'] = async (url, timeoutMs) => {
    const call: NodeCall = { method: 'GET', target: '/v1/daemon?what=smap' }
    return parseSmap(await ask(url, call, timeoutMs))
  }

  return {
    urlOf,
    smapAt,
    async absorb(url, offer, timeoutMs) {
      const body = stringifyJson(offerToJson(offer))
      await ask(url, { method: 'POST', target: '/v1/cluster/absorb', body }, timeoutMs)
    },
    learn(node) {
      learned.set(node.daemonId, node)
    },
    learned: () => [...learned.values()],
    async metasync(to, message, timeoutMs) {
      const body = metasyncText(message, textsOf)
      return parseMetasyncAnswer(
        await ask(urlOf(to), { method: 'PUT', target: '/v1/metasync', body }, timeoutMs),
      )
    },
    async vote(to, message, timeoutMs) {
      const target = `/v1/vote/proxy?can=${encodeURIComponent(message.candidateId)}`
      const body = stringifyJson(voteToJson(message))
      return parseVoteAnswer(await ask(urlOf(to), { method: 'PUT', target, body }, timeoutMs))
    },
    async handOver(to, timeoutMs) {
      await ask(urlOf(to), { method: 'PUT', target: '/v1/vote/init' }, timeoutMs)
    },
    async keepalive(url, message, timeoutMs, query) {
      const body = stringifyJson(keepaliveToJson(message))
      const target = `/v1/cluster/keepalive${query === undefined ? '' : `?${query}`}`
      return parseKeepaliveAnswer(await ask(url, { method: 'POST', target, body }, timeoutMs))
    },
    clusterAt: async (url, timeoutMs) => (await smapAt(url, timeoutMs)).uuid,
    async describe(url, timeoutMs) {
      const call: NodeCall = { method: 'GET', target: '/v1/daemon?what=snode' }
      return parseSnode(await ask(url, call, timeoutMs))
    },
    async admit(to, gatewayUrl, cluster, timeoutMs) {
      const body = stringifyJson({ url: gatewayUrl, cluster })
      await ask(to.controlNet.url, { method: 'POST', target: '/v1/metasync', body }, timeoutMs)
    },
    async order(to, action, value, timeoutMs) {
      // Named: another node may live at its address by now.
      const body = stringifyJson({ action, name: to.daemonId, value })
      await ask(urlOf(to), { method: 'PUT', target: '/v1/daemon', body }, timeoutMs)
    },
    async farewell(to, daemonId, timeoutMs) {
      const target = `/v1/cluster/daemon/${daemonId}?stopping=true`
      await ask(urlOf(to), { method: 'DELETE', target }, timeoutMs)
    },
    async leave(to, daemonId, timeoutMs) {
      const target = `/v1/cluster/daemon/${daemonId}`
      await ask(urlOf(to), { method: 'DELETE', target }, timeoutMs)
    },
    async identify(url, timeoutMs) {
      const json = await ask(url, { method: 'GET', target: '/v1/daemon?what=snode' }, timeoutMs)
      const named = typeof json === 'object' && json !== null && 'daemon_id' in json
      return named && typeof json.daemon_id === 'string' ? json.daemon_id : ''
    },
  }
}
