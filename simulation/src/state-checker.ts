import {
  type ClusterState,
  compareStamps,
  type Stamp,
} from '@aistore-ts/core/cluster/control/cluster-state.ts'
import { accepted, type ControlState } from '@aistore-ts/core/cluster/control/control-state.ts'
import { documentNames, documentVersions } from '@aistore-ts/core/cluster/control/documents.ts'
import { SimFailure } from './failure.ts'
import { sameContent } from './same-content.ts'

const key = ({ term, index }: Stamp) => `${term}.${index}`

/** What the rules of the control plane say of every state of every node, at all times and over restarts. */
export class StateChecker {
  /** Newest state that is in force anywhere. */
  newest: ClusterState | undefined
  readonly #last = new Map<string, ControlState>()
  readonly #content = new Map<string, ClusterState>()
  readonly #versions = new Map<string, object>()
  readonly #leaders = new Map<number, string>()
  /** What each state was proposed on top of. */
  readonly #parents = new Map<string, Stamp>()
  readonly #stamps = new Map<string, Stamp>()
  /** States that are in force, and those they were built on. */
  readonly #chosen = new Set<string>()
  /** The first document seen that says the same. */
  readonly #first = new WeakMap<object, object>()

  /** What a node's process holds now. Called after every change. */
  observe(id: string, state: ControlState): void {
    const before = this.#last.get(id)
    if (before === state) return
    this.#last.set(id, state)
    const { leading, term } = state
    if (leading) {
      const other = this.#leaders.get(term) ?? id
      if (other !== id) fail('one-primary', `${id} and ${other} both lead in term ${term}`)
      this.#leaders.set(term, id)
    }
    if (before) this.#monotone(id, before, state)
    if (before?.committed === state.committed && before.pending === state.pending) return
    for (const held of [state.committed, state.pending]) {
      if (held && held !== before?.committed && held !== before?.pending) {
        this.#oneContent(id, held, before && accepted(before).stamp)
      }
    }
    if (state.committed !== before?.committed) this.#inForce(id, state.committed)
  }

  #monotone(id: string, before: ControlState, now: ControlState): void {
    const shrank = (what: string) => fail('monotone', `${id}: ${what} went back`)
    if (now.term < before.term) shrank(`term ${before.term} to ${now.term}`)
    const voted = now.term === before.term && before.votedFor !== ''
    if (voted && now.votedFor !== before.votedFor) {
      fail('one-vote', `${id}: vote of term ${now.term} for ${before.votedFor}, ${now.votedFor}`)
    }
    if (compareStamps(now.committed.stamp, before.committed.stamp) < 0) {
      shrank(`in force ${key(before.committed.stamp)} to ${key(now.committed.stamp)}`)
    }
    if (compareStamps(accepted(now).stamp, accepted(before).stamp) < 0) {
      shrank(`held ${key(accepted(before).stamp)} to ${key(accepted(now).stamp)}`)
    }
    const [was, is] = [documentVersions(before.committed), documentVersions(now.committed)]
    for (const type of documentNames) {
      const [old = 0, version = 0] = [was[type], is[type]]
      if (version < old) shrank(`${type} v${old} to v${version}`)
    }
  }

  #oneContent(id: string, held: ClusterState, basis: Stamp | undefined): void {
    const stamp = key(held.stamp)
    const known = this.#content.get(stamp)
    if (known === undefined) {
      this.#content.set(stamp, held)
      this.#stamps.set(stamp, held.stamp)
      if (basis) this.#parents.set(stamp, basis)
    } else if (!this.#sameDocuments(known, held)) {
      fail('one-content', `${id}: state ${stamp} differs from that of another node`)
    }
  }

  /** A state in force is built on all that were in force before it. */
  #inForce(id: string, state: ClusterState): void {
    if (state.stamp.term === 0) return
    const versions = documentVersions(state)
    for (const type of documentNames) {
      // Its version is the ID of a rebalance, whose progress it tells as well: the stamp says which is which.
      if (type === 'rmd') continue
      const name = `${type} v${versions[type]}`
      const document = state[type]
      const known = this.#versions.get(name) ?? document
      if (!this.#same(known, document)) {
        fail('one-content', `${id}: two contents of ${name} are in force`)
      }
      this.#versions.set(name, known)
    }
    if (this.#chosen.has(key(state.stamp))) return
    const { newest } = this
    if (newest && compareStamps(state.stamp, newest.stamp) < 0) {
      fail('lost-state', `${id}: ${key(state.stamp)} in force, not in ${key(newest.stamp)}`)
    }
    let at: Stamp | undefined = state.stamp
    while (at && (!newest || compareStamps(at, newest.stamp) > 0)) {
      this.#chosen.add(key(at))
      at = this.#parents.get(key(at))
    }
    if (newest && at && key(at) !== key(newest.stamp)) {
      fail(
        'lost-state',
        `${id}: ${key(newest.stamp)} was in force, ${key(state.stamp)} is built on ${key(at)}`,
      )
    }
    this.newest = state
  }

  #sameDocuments(known: ClusterState, held: ClusterState): boolean {
    return documentNames.every((name) => this.#same(known[name], held[name]))
  }

  #same(known: object, document: object): boolean {
    const first = this.#first.get(known) ?? known
    if (first === (this.#first.get(document) ?? document)) return true
    if (!sameContent(first, document)) return false
    this.#first.set(document, first)
    return true
  }
}

function fail(check: string, message: string): never {
  throw new SimFailure(check, message)
}
