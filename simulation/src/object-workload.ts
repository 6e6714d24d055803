import { utf8Decode } from '@aistore-ts/core/algorithms/utf8.ts'
import { globalNamespace } from '@aistore-ts/core/bucket/bck.ts'
import { findBucket } from '@aistore-ts/core/bucket/bmd.ts'
import type { Answer, HeaderLine, NodeCall } from '@aistore-ts/core/ports/call.ts'
import { stringifyJson } from '@aistore-ts/core/wire/json.ts'
import { decodeListPage } from '@aistore-ts/core/wire/msgpack.ts'
import type { Cluster } from './cluster.ts'
import { SimFailure } from './failure.ts'

/** What may be read under a name: contents, `undefined` for none. One, unless the end of a call is not known. */
interface Known {
  readonly values: readonly (string | undefined)[]
  /** A call is under way. */
  readonly busy: boolean
  /** Not written any more: a call may still come to its end, or went elsewhere while a target was missing. */
  readonly closed: boolean
  readonly steps: number
}

/** Pause before a call is made again whose end is not known, ms. */
const againMs = 500
/** Time a client waits for one answer, ms. */
const patienceMs = 10_000
/** Redirects that a client follows. */
const hopsMax = 3

/**
 * Objects written, read and deleted through any gateway, one call after the other for each name. Each read must give
 * what was acknowledged last; a write whose end is not known leaves two possibilities.
 */
export class ObjectWorkload {
  acknowledged = 0
  /** A read that gave what cannot be: told at the next check. */
  #wrong: string | undefined
  /** Reads that gave an answer. */
  #answered = 0
  /** Moments seen at which a gateway lacked a target: what happens then may go to another owner. */
  #incomplete = 0
  #bucket = 'objects'
  #renames = 0
  #renaming = false
  readonly #cluster: Cluster
  readonly #moving: boolean
  readonly #known = new Map<string, Known>()

  /** @param moving targets come and go: what was written must be there in the end */
  constructor(cluster: Cluster, moving: boolean) {
    this.#cluster = cluster
    this.#moving = moving
  }

  /** Makes the bucket; asked again until it is there. */
  async createBucket(gateway: number): Promise<boolean> {
    const body = stringifyJson({ action: 'create-bck' })
    const answer = await this.#ask(gateway, {
      method: 'POST',
      target: `/v1/buckets/${this.#bucket}`,
      body,
    })
    return answer?.status === 200 || answer?.status === 409
  }

  /** The bucket gets another name; asked again until it is known whether it has it. */
  async rename(gateway: number): Promise<void> {
    if (this.#renaming) return
    this.#renaming = true
    const from = this.#bucket
    const to = `objects-${this.#renames + 1}`
    const target = `/v1/buckets/${from}?bck_to=${encodeURIComponent(`ais/@#/${to}/`)}`
    const body = stringifyJson({ action: 'move-bck' })
    for (let tries = 0, open = false; ; tries++) {
      const answer = await this.#ask(gateway + tries, { method: 'POST', target, body })
      const status = answer?.status ?? 0
      if (status === 200 || (open && this.#has(to))) {
        this.#renames += 1
        this.#bucket = to
        break
      }
      if (status === 0 || status >= 500) open = true
      else if (!open || !this.#has(from)) break
      await new Promise<void>((resolve) => this.#cluster.client.after(againMs, resolve))
    }
    this.#renaming = false
  }

  /** Whether a bucket of that name is in force. */
  #has(name: string): boolean {
    const bmd = this.#cluster.checker.newest?.bmd
    return (
      bmd !== undefined &&
      findBucket(bmd, { name, provider: 'ais', namespace: globalNamespace }) !== undefined
    )
  }

  /** The next step in the life of object `key`: it is written, read, written anew, read, deleted, read. */
  async step(key: number, gateway: number): Promise<void> {
    const name = `o${key}`
    const now = this.#known.get(name) ?? blank
    if (now.busy) return
    this.#known.set(name, { ...now, busy: true })
    const isWrite = now.steps % 2 === 0 && !now.closed
    const value = now.steps % 6 === 4 ? undefined : `${name} number ${now.steps}`
    const next = isWrite
      ? await this.#write(name, now, value, gateway)
      : await this.#read(name, now, gateway)
    this.#known.set(name, next)
  }

  /** Object `key` is written through one gateway and then at once through another. */
  async rewrite(key: number, gateway: number, again: number): Promise<void> {
    const name = `o${key}`
    for (const at of [gateway, again]) {
      const now = this.#known.get(name) ?? blank
      if (now.busy || now.closed) return
      this.#known.set(name, { ...now, busy: true })
      const value = `${name} number ${now.steps} again`
      this.#known.set(name, await this.#write(name, now, value, at))
    }
  }

  /** @throws SimFailure */
  check(): void {
    if (!this.#isWhole()) this.#incomplete += 1
    if (this.#wrong !== undefined) throw new SimFailure('objects', this.#wrong)
  }

  /** What was wrong with the last audit. */
  get wrong(): string | undefined {
    return this.#wrong
  }

  /** Reads every object and the listing through gateway `at`. Resolves with whether all could be asked, and is right. */
  async audit(at: number): Promise<boolean> {
    if (this.#renaming) return false
    for (const [name, known] of this.#known) {
      if (known.busy) continue
      const before = this.#answered
      await this.#read(name, known, at)
      if (this.#answered === before) return false
    }
    return (await this.#auditListing(at)) && this.#wrong === undefined
  }

  async #auditListing(at: number): Promise<boolean> {
    const headers: HeaderLine[] = [['Accept', 'application/msgpack']]
    const body = stringifyJson({ action: 'list', value: {} })
    const call = { method: 'GET', target: `/v1/buckets/${this.#bucket}`, headers, body }
    const before = this.#incomplete
    const known = new Map(this.#known)
    const answer = await this.#ask(at, call)
    if (answer?.status !== 200 || this.#incomplete !== before || !this.#isWhole()) return false
    const listed = new Set(decodeListPage(await answer.bytes()).entries.map(({ name }) => name))
    for (const [name, now] of this.#known) {
      const there = listed.delete(name)
      const { values, busy } = now
      // What a client did meanwhile may be on the list or not.
      if (busy || now !== known.get(name)) continue
      if (!values.some((value) => (value !== undefined) === there)) {
        this.#wrong ??= `listing: ${name} is ${there ? '' : 'not '}there`
      }
    }
    for (const name of listed) this.#wrong ??= `listing: ${name} was never written`
    return true
  }

  async #write(
    name: string,
    now: Known,
    value: string | undefined,
    gateway: number,
  ): Promise<Known> {
    const before = this.#incomplete
    const isNamed = this.#named()
    const target = `/v1/objects/${this.#bucket}/${name}`
    const call =
      value === undefined ? { method: 'DELETE', target } : { method: 'PUT', target, body: value }
    const answer = await this.#ask(gateway, call)
    const done = { busy: false, steps: now.steps + 1 }
    const status = answer?.status ?? 0
    const closed = !this.#moving && (this.#incomplete !== before || !this.#isWhole())
    const gone = value === undefined && status === 404 && isNamed()
    if (status === 200 || gone) {
      this.acknowledged += 1
      return { ...done, values: closed ? [...now.values, value] : [value], closed }
    }
    // A refusal for good leaves what was; all else may still come.
    if (status >= 400 && status < 500) return { ...done, values: now.values, closed: now.closed }
    return { ...done, values: [...now.values, value], closed: true }
  }

  async #read(name: string, now: Known, gateway: number): Promise<Known> {
    const done = { ...now, busy: false, steps: now.steps + (now.closed ? 0 : 1) }
    const before = this.#incomplete
    const isNamed = this.#named()
    const asked = this.#known.get(name)
    const answer = await this.#ask(gateway, {
      method: 'GET',
      target: `/v1/objects/${this.#bucket}/${name}`,
    })
    const status = answer?.status ?? 0
    if (status !== 200 && (status !== 404 || !isNamed())) return done
    const bytes = await answer?.bytes()
    const value = status === 404 || bytes === undefined ? undefined : utf8Decode(bytes)
    this.#answered += 1
    // An audit reads what clients may write meanwhile.
    if (this.#known.get(name) !== asked) return done
    if (this.#incomplete !== before || !this.#isWhole()) return done
    if (!now.values.includes(value)) {
      const wanted = now.values.map((one) => one ?? 'nothing').join('" or "')
      this.#wrong ??= `${name} reads "${value ?? 'nothing'}", not "${wanted}"`
    }
    return done
  }

  /** Tells later whether the bucket has had the name of now all the time: else 404 says nothing of an object. */
  #named(): () => boolean {
    const renames = this.#renames
    const steady = !this.#renaming
    return () => steady && !this.#renaming && this.#renames === renames
  }

  /**
   * All targets are in the map of every gateway, and in the newest one, whose gateways may all be down: what is not so goes to another
   * owner, and those who lack that map go on reading by theirs. None is missed with objects that were to move.
   */
  #isWhole(): boolean {
    const { names, checker } = this.#cluster
    const targets = names.filter((id) => id.startsWith('target')).length
    const held = this.#cluster
      .running()
      .filter(({ host }) => host.id.startsWith('proxy'))
      .map(({ control }) => control.state().committed)
    return [...held, ...(checker.newest ? [checker.newest] : [])].every(
      ({ smap, rmd }) => smap.targets.size === targets && rmd.absent.length === 0,
    )
  }

  /** Asks a gateway and follows where it sends; `undefined`: no answer. */
  async #ask(gateway: number, call: NodeCall): Promise<Answer | undefined> {
    const { network, client, gateways } = this.#cluster
    let url = this.#cluster.publicUrl(gateways[gateway % gateways.length] ?? '')
    let { target } = call
    try {
      for (let hop = 0; hop < hopsMax; hop++) {
        const answer = await network.call(client, url, { ...call, target }, patienceMs)
        const location = answer.headers.get('location')
        if (location === undefined || answer.status < 300 || answer.status > 399) return answer
        const [, origin = '', rest = ''] = /^(https?:\/\/[^/]+)(\/.*)$/.exec(location) ?? []
        url = origin
        target = rest
      }
      return undefined
    } catch {
      return undefined
    }
  }
}

const blank: Known = { values: [undefined], busy: false, closed: false, steps: 0 }
