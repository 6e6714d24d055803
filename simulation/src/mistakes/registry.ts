import { zeroStamp } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import type { ControlState } from '@aistore-ts/core/cluster/control/control-state.ts'
import { install } from '@aistore-ts/core/cluster/control/follow.ts'
import { commitQuorum } from '@aistore-ts/core/cluster/control/quorum.ts'
import { allNodes } from '@aistore-ts/core/cluster/smap.ts'
import type { Mistake } from '../mistake.ts'
import { distort } from './distort.ts'
import { generousPeers } from './generous-peers.ts'
import { movementMistakes } from './movement.ts'

/** What is on its way goes into force when `enough` says so, whoever holds it. */
function commitWhen(
  enough: (state: ControlState) => boolean,
): (after: ControlState) => ControlState {
  return (after) => {
    const { pending, leading } = after
    if (!leading || !pending || !enough(after)) return after
    return { ...install(after, pending), leading: { ...leading, established: true } }
  }
}

/** Mistakes in how the cluster's documents are agreed on. */
const controlMistakes: readonly Mistake[] = [
  {
    name: 'skip-quorum',
    story: 'the primary takes a change into force although nobody else holds it',
    step: commitWhen(() => true),
  },
  {
    name: 'no-joint-quorum',
    story: 'a changed map is committed by a quorum of the new map alone',
    step: commitWhen(({ pending, leading, selfId }) =>
      pending !== undefined && leading !== undefined
        ? commitQuorum(pending.smap, leading.acks, selfId)
        : false,
    ),
  },
  {
    name: 'older-term',
    story: 'a node obeys the primary of an older term',
    distortion: distort({
      path: '/v1/metasync',
      request: (message, { term }) => ({ ...message, term: Math.max(term, Number(message.term)) }),
      response: (answer, message) => ({ ...answer, term: message.term }),
    }),
  },
  {
    name: 'ignore-base',
    story: 'a change is put on whatever the node holds',
    distortion: distort({
      path: '/v1/metasync',
      request: (message, { committed }) => ({
        ...message,
        base:
          'smap' in Object(message.documents) && 'config' in Object(message.documents)
            ? zeroStamp
            : committed.stamp,
        in_force: zeroStamp,
      }),
    }),
  },
  {
    name: 'vote-for-behind',
    story: 'a node votes for a candidate that lacks what the node holds',
    distortion: distort({
      path: '/v1/vote/proxy',
      request: (message) => ({ ...message, stamp: { term: 1e9, index: 1 } }),
    }),
  },
  {
    name: 'forget-vote',
    story: 'term and vote are not kept over a restart',
    kept: (kept) => ({
      ...kept,
      term: Math.max(kept.committed.stamp.term, kept.pending?.stamp.term ?? 0),
      votedFor: '',
    }),
  },
  {
    name: 'forget-pending',
    story: 'what was held and not yet in force is not kept over a restart',
    kept: (kept) => ({ ...kept, pending: undefined }),
  },
  {
    name: 'ack-before-sync',
    story: 'a document counts as kept before it is on the disk',
    ackBeforeSync: true,
  },
  {
    name: 'ack-before-data-sync',
    story: 'an object counts as written before it is on the disk',
    ackBeforeDataSync: true,
  },
  {
    name: 'ack-before-quorum',
    story: 'a client is told that a change is done when the primary alone holds it',
    ackBeforeQuorum: true,
  },
  {
    name: 'election-by-half',
    story: 'one vote less than a quorum makes a primary',
    peers: (peers) => generousPeers(peers, 'vote'),
  },
  {
    name: 'commit-by-minority',
    story: 'one node that does not answer counts as holding a change',
    peers: (peers) => generousPeers(peers, 'metasync'),
  },
  {
    name: 'forget-lease',
    story: 'the primary takes everybody for alive, always',
    step(after, now) {
      const { leading, committed } = after
      if (!leading) return after
      const heard = new Map(allNodes(committed.smap).map(({ daemonId }) => [daemonId, now]))
      return { ...after, leading: { ...leading, heard } }
    },
  },
]

/** Every mistake that the simulation must find, by name. */
export const mistakes: readonly Mistake[] = [...controlMistakes, ...movementMistakes]
