import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Random } from '../ports/random.ts'
import type { ControlPlane } from './control/control-plane.ts'
import { accepted, type ControlState, raiseTerm } from './control/control-state.ts'
import { learnHeld } from './control/follow.ts'
import { staffIc } from './control/information-center.ts'
import { takeOver } from './control/lead.ts'
import type { Peers } from './control/peers.ts'
import { voters } from './control/quorum.ts'
import { beginCampaign, campaignDue, type VoteAnswer, voteMsg, won } from './control/vote.ts'
import { withPrimary } from './smap.ts'
import type { Snode } from './snode.ts'

/** Puts another gateway in the place of a primary that is gone. */
export interface Election {
  /** Stands for election when it is time to. Called several times per keepalive interval. */
  tick(): Promise<void>
  /** Stands at once: the primary hands over. Resolves with whether this gateway leads now. */
  standNow(): Promise<boolean>
}

export interface ElectionDependencies {
  readonly control: ControlPlane
  readonly peers: Peers
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
}

/** How many versions the Smap of a new primary is ahead. @see AIStore ais/vote.go */
export const electedSmapStep = 100

/** What an answer says of the world. */
function learn(state: ControlState, { term, held }: VoteAnswer): ControlState {
  const raised = raiseTerm(state, term)
  return held === undefined ? raised : learnHeld(raised, held)
}

/** A number in [0, 1) from the platform's chance. */
function fraction(random: Random): number {
  const [a = 0, b = 0] = random.bytes(2)
  return (a * 256 + b) / 65_536
}

export function createElection(dependencies: ElectionDependencies): Election {
  const { control, peers, clock, random, log } = dependencies
  let standing: Promise<boolean> | undefined
  let notBefore = 0

  function electorate(): readonly Snode[] {
    const { selfId, committed, pending } = control.state()
    const all = new Map<string, Snode>()
    for (const smap of [committed.smap, pending?.smap]) {
      if (smap) for (const node of voters(smap)) all.set(node.daemonId, node)
    }
    all.delete(selfId)
    return [...all.values()]
  }

  /** Asks everyone; resolves as soon as the votes suffice, or when all have answered. */
  async function ask(trial: boolean, handover: boolean): Promise<boolean> {
    const question = voteMsg(control.state(), trial, handover)
    const votes = new Set([control.state().selfId])
    const enough = () => won(control.state(), votes)
    if (enough()) return true
    const timeoutMs = Math.max(1, control.timing().intervalMs / 2)
    return new Promise((resolve) => {
      const answers = electorate().map(async (node) => {
        const answer = await peers.vote(node, question, timeoutMs).catch(() => undefined)
        if (answer === undefined) return
        if (answer.yes) votes.add(node.daemonId)
        else log.debug('vote refused', { by: node.daemonId, reason: answer.reason, trial })
        if (answer.term > control.state().term || answer.held) {
          await control.run((state) => ({ state: learn(state, answer), answer: undefined }))
        }
        if (enough()) resolve(true)
      })
      void Promise.all(answers).then(() => resolve(enough()))
    })
  }

  /** Whether enough would vote for this gateway. Who is told that it is behind catches up, and asks once more. */
  async function canWin(): Promise<boolean> {
    const before = accepted(control.state())
    if (await ask(true, false)) return true
    return accepted(control.state()) !== before && ask(true, false)
  }

  async function stand(handover: boolean): Promise<boolean> {
    if (!handover && !(await canWin())) return false
    const term = await control.run((state, now) => {
      // Meanwhile another one may have been elected: it is not to be troubled.
      const due = handover || campaignDue(state, now, control.timing())
      const next = state.leading || !due ? state : beginCampaign(state, now)
      return { state: next, answer: next === state ? undefined : next.term }
    })
    if (term === undefined) return control.state().leading !== undefined
    log.info('standing for election', { term })
    if (!(await ask(false, handover))) return false
    return control.run((state, now) => {
      const mine = state.term === term && state.votedFor === state.selfId && !state.leading
      if (!mine) return { state, answer: false }
      const { smap } = accepted(state)
      const next = staffIc(withPrimary(smap, state.selfId, electedSmapStep))
      log.info('elected', { term, smap: next.version })
      return { state: takeOver(state, { smap: next }, now, control.timing()), answer: true }
    })
  }

  /** One at a time; after a defeat this gateway waits a little, by chance, before it tries again. */
  function campaign(handover: boolean): Promise<boolean> {
    standing ??= stand(handover).finally(() => {
      const { intervalMs } = control.timing()
      notBefore = clock.monotonic() + intervalMs * (0.25 + 0.5 * fraction(random))
      standing = undefined
    })
    return standing
  }

  return {
    async tick() {
      const now = clock.monotonic()
      if (now < notBefore || !campaignDue(control.state(), now, control.timing())) return
      await campaign(false)
    },
    standNow: () => campaign(true),
  }
}
