import { utf8Encode } from '@aistore-ts/core/algorithms/utf8.ts'
import { createNameLocks } from '@aistore-ts/core/target/name-locks.ts'
import { isJsonObject, parseJsonBytes, stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { Mistake } from '../mistake.ts'
import type { Distortion } from '../network.ts'

const lengthBytes = 4

/** The body of a moved object, as if its newest version had been written when and where it arrives. */
function asOfArrival(body: Uint8Array, epoch: number): Uint8Array {
  const headBytes = new DataView(body.buffer, body.byteOffset).getUint32(0)
  const json = parseJsonBytes(body.subarray(lengthBytes, lengthBytes + headBytes))
  if (!isJsonObject(json)) return body
  const generation = epoch.toString(16).padStart(10, '0') + String(json.generation).slice(10)
  const head = utf8Encode(stringifyJson({ ...json, generation }))
  const changed = new Uint8Array(body.length - headBytes + head.length)
  new DataView(changed.buffer).setUint32(0, head.length)
  changed.set(head, lengthBytes)
  changed.set(body.subarray(lengthBytes + headBytes), lengthBytes + head.length)
  return changed
}

const olderWins: Distortion = {
  request(message, { committed }) {
    if (message.method !== 'PUT' || message.target !== '/v1/objstream/object') return message
    return { ...message, body: asOfArrival(message.body, committed.smap.version + 1) }
  },
  response: (answer) => answer,
}

const nothingElsewhere: Distortion = {
  request: (message) => message,
  response(answer, { target }) {
    if (target !== '/v1/objstream/stamp') return answer
    return { ...answer, status: 200, body: utf8Encode(stringifyJson({ stamp: null })) }
  },
}

const refusedIsTaken: Distortion = {
  request: (message) => message,
  response(answer, { method, target }) {
    const isMoved = method === 'PUT' && target === '/v1/objstream/object'
    return isMoved && answer.status >= 400
      ? { status: 200, headers: [], body: new Uint8Array() }
      : answer
  },
}

/** Mistakes in how objects follow the map. */
export const movementMistakes: readonly Mistake[] = [
  {
    name: 'moved-before-durable',
    story: 'the source is removed when the object is not on the disk of its new owner yet',
    ackBeforeMovedSync: true,
  },
  {
    name: 'refused-is-taken',
    story: 'the source is removed although its new owner did not take the object',
    distortion: refusedIsTaken,
  },
  {
    name: 'older-overwrites-newer',
    story:
      'a version that comes from elsewhere counts as newer than what was written here meanwhile',
    distortion: olderWins,
  },
  {
    name: 'written-anywhere',
    story: 'a target takes writes for names that are not its own',
    target(real) {
      const { metadata } = real
      const own = real.self().daemonId
      const alone = () => {
        const smap = metadata.smap()
        return { ...smap, targets: new Map([...smap.targets].filter(([id]) => id === own)) }
      }
      return { ...real, metadata: { ...metadata, smap: alone } }
    },
  },
  {
    name: 'forget-tombstone',
    story: 'a delete leaves nothing that an older version could lose against',
    mountpath: (real) => ({
      ...real,
      remove: (bucket, name, durability, options) =>
        real.remove(bucket, name, durability, { ...options, moved: true }),
    }),
  },
  {
    name: 'nothing-elsewhere',
    story: 'an owner answers for a name without having heard of the newest version',
    distortion: nothingElsewhere,
  },
  {
    name: 'ends-early',
    story: 'a rebalance counts as ended while a target still has what belongs to others',
    endsEarly: true,
  },
  {
    name: 'forget-fence',
    story: 'a target acknowledges writes although the map may be without it by now',
    target: (real) => ({ ...real, fence: { guard: async (run) => run() } }),
  },
  {
    name: 'open-writes',
    story: 'a rebalance does not wait for the writes that the map before let in',
    target: (real) => ({ ...real, locks: createNameLocks() }),
  },
]
