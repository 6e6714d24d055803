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

/** A refusal for the moment: nothing was changed. */
const busyStatus = 409

/** Time a client waits for an answer, ms. */
const patienceMs = 15_000

/**
 * Buckets made, changed, renamed and destroyed through any gateway, one call after the other for each. What was acknowledged is
 * in every state that is in force from then on. After a call whose end is not known a new bucket takes the place.
 */
export class BucketWorkload {
  acknowledged = 0
  refused = 0
  unknown = 0
  readonly #cluster: Cluster
  readonly #expected = new Map<number, Expectation>()
  /** Names that buckets had before, and nobody gives again. */
  readonly #former = new Set<string>()
  /** Of each two names one bucket has one: it may have been renamed. */
  readonly #either: (readonly [string, string])[] = []
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

  /** Bucket `key`, when there is one, gets another name. */
  async rename(key: number, gateway: number): Promise<void> {
    const now = this.#expected.get(key)
    if (now === undefined || now.open || now.hours === undefined) return
    const next = { ...now, name: nameOf(key, now.generation + 1), generation: now.generation + 1 }
    this.#expected.set(key, { ...now, open: true })
    const target = `/v1/buckets/${now.name}?bck_to=${encodeURIComponent(`ais/@#/${next.name}/`)}`
    const status = await this.#ask(gateway, 'POST', target, { action: 'move-bck' })
    this.#checked = undefined
    if (status === 200) {
      this.acknowledged += 1
      this.#former.add(now.name)
      this.#expected.set(key, next)
    } else if (status === busyStatus) {
      this.refused += 1
      this.#expected.set(key, now)
    } else {
      this.unknown += 1
      this.#either.push([now.name, next.name])
      this.#expected.set(key, blank(key, next.generation + 1))
    }
  }

  /** Status of the answer; 0: none came. */
  async call(
    name: string,
    before: number | undefined,
    after: number | undefined,
    gateway: number,
  ): Promise<number> {
    const target = `/v1/buckets/${name}`
    if (before === undefined) return this.#ask(gateway, 'POST', target, { action: 'create-bck' })
    if (after === undefined) return this.#ask(gateway, 'DELETE', target, { action: 'destroy-bck' })
    return this.#ask(gateway, 'PATCH', target, propsMessage(after))
  }

  async #ask(
    gateway: number,
    method: string,
    target: string,
    message: Record<string, unknown>,
  ): Promise<number> {
    const { network, client, gateways } = this.#cluster
    const url = this.#cluster.publicUrl(gateways[gateway % gateways.length] ?? '')
    try {
      const call = { method, target, body: stringifyJson(message) }
      return (await network.call(client, url, call, patienceMs)).status
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
    const propsOf = (name: string) =>
      findBucket(newest.bmd, { name, provider: 'ais', namespace: globalNamespace })
    for (const name of this.#former) {
      if (propsOf(name)) throw new SimFailure('lost-metadata', `bucket ${name} was renamed`)
    }
    for (const [one, other] of this.#either) {
      if ((propsOf(one) === undefined) !== (propsOf(other) === undefined)) continue
      throw new SimFailure('lost-metadata', `one bucket has one of the names ${one}, ${other}`)
    }
    for (const { name, hours, open } of this.#expected.values()) {
      if (open) continue
      const props = propsOf(name)
      const found = props && props.lru.dont_evict_time / hourMs
      if (found === hours) continue
      throw new SimFailure(
        'lost-metadata',
        `bucket ${name}: acknowledged ${hours ?? 'absent'}, in force ${found ?? 'absent'}`,
      )
    }
  }
}

const nameOf = (key: number, generation: number) => `b${key}-${generation}`

function blank(key: number, generation: number): Expectation {
  return { name: nameOf(key, generation), hours: undefined, open: false, generation }
}

function propsMessage(hours: number): Record<string, unknown> {
  return { action: 'set-bprops', value: { lru: { dont_evict_time: `${hours}h` } } }
}
