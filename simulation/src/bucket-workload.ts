import { globalNamespace } from '@aistore-ts/core/bucket/bck.ts'
import { findBucket } from '@aistore-ts/core/bucket/bmd.ts'
import { type ClusterState, compareStamps } from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import type { Cluster } from './cluster.ts'
import { SimFailure } from './failure.ts'

/** What the cluster must have of a bucket, by what it acknowledged. */
interface Expectation {
  readonly name: string
  /** Its `lru.dont_evict_time`: a setting to tell its versions apart by. Absent: there is no such bucket. */
  readonly hours: number | undefined
  /** A call is under way, or its end is not known: nothing can be said any more. */
  readonly open: boolean
  readonly generation: number
}

const hourMs = 3_600_000
/** What a bucket begins with: the default. */
const hoursAtFirst = 2
const hoursMost = 4

/** Time a client waits for an answer, ms. */
const patienceMs = 15_000

/**
 * Buckets made, changed and destroyed through any gateway, one call after the other for each. What was acknowledged is
 * in every state that is in force from then on. After a call whose end is not known a new bucket takes the place.
 */
export class BucketWorkload {
  acknowledged = 0
  refused = 0
  unknown = 0
  readonly #cluster: Cluster
  readonly #expected = new Map<number, Expectation>()
  #checked: ClusterState | undefined

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The next step in the life of bucket `key`. */
  async step(key: number, gateway: number): Promise<void> {
    const now = this.#expected.get(key) ?? blank(key, 0)
    if (now.open) return
    const next: Expectation =
      now.hours === undefined
        ? { ...now, hours: hoursAtFirst }
        : now.hours < hoursMost
          ? { ...now, hours: now.hours + 1 }
          : { ...now, hours: undefined }
    this.#expected.set(key, { ...now, open: true })
    const status = await this.call(now.name, now.hours, next.hours, gateway)
    if (status === 200) {
      this.acknowledged += 1
      this.#expected.set(key, next)
      this.#checked = undefined
    } else {
      if (status === 0 || status >= 500) this.unknown += 1
      else this.refused += 1
      this.#expected.set(key, blank(key, now.generation + 1))
    }
  }

  /** Status of the answer; 0: none came. */
  async call(
    name: string,
    before: number | undefined,
    after: number | undefined,
    gateway: number,
  ): Promise<number> {
    const { network, client, gateways } = this.#cluster
    const id = gateways[gateway % gateways.length] ?? ''
    const target = `/v1/buckets/${name}`
    const message =
      before === undefined
        ? { method: 'POST', body: { action: 'create-bck' } }
        : after === undefined
          ? { method: 'DELETE', body: { action: 'destroy-bck' } }
          : { method: 'PATCH', body: propsMessage(after) }
    const call = { method: message.method, target, body: stringifyJson(message.body) }
    try {
      const url = this.#cluster.publicUrl(id)
      const answer = await network.call(client, url, call, patienceMs)
      return answer.status
    } catch {
      return 0
    }
  }

  /** @throws SimFailure when something acknowledged is not in the newest state in force */
  check(): void {
    const { newest } = this.#cluster.checker
    if (newest === undefined || newest === this.#checked) return
    if (this.#checked && compareStamps(newest.stamp, this.#checked.stamp) < 0) return
    this.#checked = newest
    for (const { name, hours, open } of this.#expected.values()) {
      if (open) continue
      const bck = { name, provider: 'ais', namespace: globalNamespace } as const
      const props = findBucket(newest.bmd, bck)
      const found = props && props.lru.dont_evict_time / hourMs
      if (found === hours) continue
      throw new SimFailure(
        'lost-metadata',
        `bucket ${name}: acknowledged ${hours ?? 'absent'}, in force ${found ?? 'absent'}`,
      )
    }
  }
}

function blank(key: number, generation: number): Expectation {
  return { name: `b${key}-${generation}`, hours: undefined, open: false, generation }
}

function propsMessage(hours: number): Record<string, unknown> {
  return { action: 'set-bprops', value: { lru: { dont_evict_time: `${hours}h` } } }
}
