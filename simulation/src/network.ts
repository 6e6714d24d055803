import type { ControlState } from '@aistore-ts/core/cluster/control/control-state.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, Network as Face, Handler, NodeCall } from '@aistore-ts/core/ports/call.ts'
import type { Host } from './host.ts'
import { answerOf, callOf, type Request, type Response, requestOf, responseOf } from './message.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

/** Where a process listens. */
export interface Listening {
  readonly host: Host
  readonly face: Face
  readonly handler: Handler
  /** What the process knows of the cluster, for planted mistakes. */
  state(): ControlState
  readSlice(slice: { readonly fd: number; offset: number; length: number }): Uint8Array
}

/** A planted mistake in what a node understands, or says, of messages. */
export interface Distortion {
  request(request: Request, receiver: ControlState): Request
  /** @param request as it was sent */
  response(response: Response, request: Request): Response
}

/** A link, one way. */
export type Link = `${string}>${string}`

export const link = (from: string, to: string): Link => `${from}>${to}`

export interface NetworkParts {
  readonly timeline: Timeline
  readonly random: SeededRandom
  readonly trace: Trace
  readonly distortion?: Distortion | undefined
}

/** Usual time a message takes, ms: least, and what chance adds. */
const latencyMs = [0.2, 1.3] as const
/** Of so many messages one takes much longer, by up to `straggleMs`. */
const straggleOneOf = 200
const straggleMs = 60

/**
 * The wires between all processes. Links fail one way; a blocked one loses, a clogged one keeps what is sent until it
 * is free again.
 */
export class SimNetwork {
  /** Share of the messages that is lost everywhere, in addition to what links lose. */
  lossShare = 0
  /** What every message takes longer, ms. */
  extraLatencyMs = 0
  readonly #parts: NetworkParts
  readonly #listening = new Map<string, Listening>()
  /** How many reasons a link has to lose everything, or to keep it back. */
  readonly #blocked = new Map<Link, number>()
  readonly #clogged = new Map<Link, number>()
  readonly #kept = new Map<Link, (() => void)[]>()
  messages = 0

  constructor(parts: NetworkParts) {
    this.#parts = parts
  }

  listen(origin: string, at: Listening): void {
    this.#listening.set(origin, at)
  }

  block(links: readonly Link[]): void {
    for (const one of links) this.#blocked.set(one, (this.#blocked.get(one) ?? 0) + 1)
  }

  unblock(links: readonly Link[]): void {
    for (const one of links) this.#blocked.set(one, Math.max(0, (this.#blocked.get(one) ?? 0) - 1))
  }

  clog(links: readonly Link[]): void {
    for (const one of links) this.#clogged.set(one, (this.#clogged.get(one) ?? 0) + 1)
  }

  unclog(links: readonly Link[]): void {
    for (const one of links) {
      const left = Math.max(0, (this.#clogged.get(one) ?? 0) - 1)
      this.#clogged.set(one, left)
      if (left > 0) continue
      const kept = this.#kept.get(one) ?? []
      this.#kept.delete(one)
      for (const deliver of kept) this.#parts.timeline.after(this.#latency(), deliver)
    }
  }

  /** One exchange, as `Platform.call` promises it to the process `from`. */
  async call(from: Host, origin: string, call: NodeCall, timeoutMs: number): Promise<Answer> {
    const request = await requestOf(call)
    return new Promise((resolve, reject) => {
      if (!from.alive()) return
      const { trace } = this.#parts
      const fail = (why: string) => {
        cancel()
        reject(new AisError('ErrUnreachable', `${origin}: ${why}`))
      }
      const cancel = from.after(timeoutMs, () => fail(`no answer in ${timeoutMs} ms`))
      call.signal?.addEventListener('abort', () => fail('aborted'), { once: true })
      const to = this.#listening.get(origin)?.host.id ?? '?'
      this.messages += 1
      trace.add(`${from.id}>${to} ${request.method} ${request.target}`)
      this.#send(from.id, to, () => {
        const there = this.#listening.get(origin)
        if (there === undefined || !there.host.alive()) {
          this.#send(to, from.id, () => from.after(0, () => fail('refused')))
          return
        }
        there.host.after(0, () => {
          void this.#serve(there, request, from.id).then((response) => {
            if (!there.host.alive()) return
            this.#send(there.host.id, from.id, () =>
              from.after(0, () => {
                trace.add(`${from.id}<${there.host.id} ${response.status} ${request.target}`)
                cancel()
                resolve(answerOf(response))
              }),
            )
          })
        })
      })
    })
  }

  async #serve(there: Listening, original: Request, from: string): Promise<Response> {
    const { distortion } = this.#parts
    const request = distortion?.request(original, there.state()) ?? original
    const reply = await there.handler(callOf(request, there.face, from))
    const response = await responseOf(reply, there.readSlice)
    return distortion?.response(response, original) ?? response
  }

  #latency(): number {
    const { random } = this.#parts
    const [least, more] = latencyMs
    const late = random.below(straggleOneOf) === 0 ? random.next() * straggleMs : 0
    return least + random.next() * more + late + this.extraLatencyMs * random.next()
  }

  #send(from: string, to: string, deliver: () => void): void {
    const { random, timeline } = this.#parts
    const latency = this.#latency()
    const lost = random.next() < this.lossShare
    const at = link(from, to)
    if (lost || (this.#blocked.get(at) ?? 0) > 0) return
    if ((this.#clogged.get(at) ?? 0) > 0) {
      this.#kept.set(at, [...(this.#kept.get(at) ?? []), deliver])
      return
    }
    timeline.after(latency, deliver)
  }
}
