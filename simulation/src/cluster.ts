import { xxh64 } from '@aistore-ts/core/algorithms/xxhash64.ts'
import { hasLease } from '@aistore-ts/core/cluster/control/lead.ts'
import { type ClusterConfig, defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import type { Departure } from '@aistore-ts/core/node/lifecycle.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Hasher, Platform } from '@aistore-ts/core/ports/platform.ts'
import { DataDisk } from './data-disk.ts'
import { Disk } from './disk.ts'
import { createHost, type Host } from './host.ts'
import { createHostClock, type WallClock } from './host-clock.ts'
import type { Mistake } from './mistake.ts'
import { SimNetwork } from './network.ts'
import { type SimProcess, startProcess } from './process.ts'
import { quickCrypto } from './quick-crypto.ts'
import type { SeededRandom } from './seeded-random.ts'
import { nodeNames, type Shape } from './shape.ts'
import { primaryNow } from './sim-event.ts'
import { StateChecker } from './state-checker.ts'
import type { Timeline } from './timeline.ts'
import type { Trace } from './trace.ts'

export interface ClusterParts {
  readonly shape: Shape
  readonly timeline: Timeline
  readonly random: SeededRandom
  readonly trace: Trace
  readonly mistake: Mistake | undefined
  /** Log lines of the nodes go into the trace. */
  readonly verbose: boolean
}

/** Time until who watches over a machine starts its process again, ms. */
const restartMs = 300

/** What of a node outlives its processes. */
interface Machine {
  readonly id: string
  /** Of the node that lives on it: another one after it was told to forget. */
  nodeId: string
  births: number
  readonly role: 'proxy' | 'target'
  readonly disk: Disk
  readonly dataDisk: DataDisk
  readonly wall: WallClock
  readonly random: SeededRandom
  host: Host | undefined
  process: SimProcess | undefined
  starts: number
  /** Restarts at another address so far. */
  moves: number
}

const hexHasher = (): Hasher => {
  const chunks: number[] = []
  return {
    update: (chunk) => void chunks.push(...chunk),
    digestHex: () => xxh64(Uint8Array.from(chunks), 0n).toString(16).padStart(16, '0'),
  }
}

/** A cluster of machines, their wires, and who watches them. */
export class Cluster {
  readonly network: SimNetwork
  readonly checker = new StateChecker()
  readonly client: Host
  readonly config: ClusterConfig = defaultClusterConfig()
  readonly #parts: ClusterParts
  readonly #machines = new Map<string, Machine>()
  /** What broke in a process instead of being answered. */
  #broken: unknown
  /** Who ends on the cluster's order is started again at once. */
  supervised = false
  /** How many ended on the cluster's order. */
  departures = 0

  constructor(parts: ClusterParts) {
    this.#parts = parts
    const { shape, timeline, random, trace, mistake } = parts
    this.client = createHost('client', timeline)
    this.network = new SimNetwork({
      timeline,
      random: random.fork('network'),
      trace,
      distortion: mistake?.distortion,
    })
    const syncMs = [0.1, random.pick([1, 5, 40])] as const
    const traits = { syncMs, ackBeforeSync: mistake?.ackBeforeSync ?? false }
    const slowDisks = random.fork('data disks').chance(0.3)
    const add = (role: 'proxy' | 'target') => (id: string) => {
      const own = random.fork(id)
      this.#machines.set(id, {
        id,
        nodeId: id,
        births: 1,
        role,
        disk: new Disk(own.fork('disk'), traits),
        dataDisk: new DataDisk(own.fork('data'), slowDisks, mistake?.ackBeforeDataSync),
        wall: { offsetMs: 0 },
        random: own,
        host: undefined,
        process: undefined,
        starts: 0,
        moves: 0,
      })
    }
    nodeNames('proxy', shape.proxies).forEach(add('proxy'))
    nodeNames('target', shape.targets).forEach(add('target'))
  }

  get names(): readonly string[] {
    return [...this.#machines.keys()]
  }

  get gateways(): readonly string[] {
    return nodeNames('proxy', this.#parts.shape.proxies)
  }

  /** Those whose process lives. */
  running(): readonly SimProcess[] {
    return [...this.#machines.values()].flatMap(({ process, host }) =>
      process && host?.alive() ? [process] : [],
    )
  }

  isUp(id: string): boolean {
    return this.#machine(id).host?.alive() ?? false
  }

  /** The node that leads, as the newest term has it. */
  leader(): SimProcess | undefined {
    return this.running()
      .filter(({ control }) => control.state().leading)
      .toSorted((a, b) => b.control.state().term - a.control.state().term)[0]
  }

  /** Whether `node` leads and hears enough of the cluster. */
  leadsWell({ control, clock }: SimProcess): boolean {
    return hasLease(control.state(), clock.monotonic(), control.timing())
  }

  publicUrl(id: string): string {
    const machine = this.#machine(id)
    return `http://${id}.sim:${portOf(machine)}`
  }

  /** ID of the node on a machine. */
  nodeIdOf(id: string): string {
    return this.#machine(id).nodeId
  }

  named(who: string): string {
    return who === primaryNow ? (this.leader()?.host.id ?? 'proxy-1') : who
  }

  start(id: string): void {
    const { shape, timeline, trace, mistake, verbose } = this.#parts
    const machine = this.#machine(id)
    if (machine.host?.alive()) return
    machine.starts += 1
    trace.add(`start ${id}`)
    const host = createHost(id, timeline)
    machine.host = host
    machine.process = undefined
    const random = machine.random.fork(`run ${machine.starts}`)
    const clock = createHostClock(host, timeline, machine.wall, random.below(1_000_000))
    const platform: Platform = {
      name: 'simulation',
      version: '1',
      clock,
      random,
      crypto: quickCrypto,
      call: (origin, call, timeoutMs) => this.network.call(host, origin, call, timeoutMs),
      createHasher: hexHasher,
      serve: () => Promise.reject(new Error('assert: no listener is opened')),
      systemInfo: () => systemInfo,
    }
    void startProcess({
      role: machine.role,
      host,
      platform,
      network: this.network,
      disk: machine.disk,
      dataDisk: machine.dataDisk,
      log: this.#logOf(host, verbose),
      config: this.config,
      hostname: `${id}.sim`,
      port: portOf(machine),
      nonElectable: shape.nonElectable.includes(id),
      nodeId: machine.nodeId,
      first: id === 'proxy-1' && machine.births === 1,
      joinUrls: () => {
        const known = machine.births === 1 ? this.gateways.slice(0, 2) : this.gateways
        return known.map((gateway) => this.publicUrl(gateway))
      },
      mistake,
      onDepart: (departure) => this.#depart(machine, departure),
    }).then(
      (process) => {
        if (host.alive()) machine.process = process
      },
      (error: unknown) => {
        this.#broken ??= error
      },
    )
  }

  crash(id: string): void {
    const machine = this.#machine(id)
    if (!machine.host?.alive()) return
    this.#parts.trace.add(`crash ${id}`)
    machine.host.kill()
    machine.process = undefined
    machine.disk.crash()
    machine.dataDisk.crash()
  }

  /** A node ends on the cluster's order; what it forgets makes the next one on its machine a new node. */
  #depart(machine: Machine, { forget, removeUserData }: Departure): void {
    const { id } = machine
    const { timeline, trace } = this.#parts
    this.departures += 1
    this.crash(id)
    if (forget) {
      machine.births += 1
      machine.nodeId = `${id}-${machine.births}`
      machine.disk.wipe()
      if (removeUserData) machine.dataDisk.wipe()
      trace.add(`forget ${id}`)
    }
    if (this.supervised) timeline.after(restartMs, () => this.start(id))
  }

  /** The next process listens elsewhere. */
  move(id: string): void {
    this.#machine(id).moves += 1
  }

  hostOf(id: string): Host | undefined {
    return this.#machine(id).host
  }

  shiftWall(id: string, byMs: number): void {
    this.#machine(id).wall.offsetMs += byMs
  }

  /** Looks at every node. @throws SimFailure */
  check(): void {
    if (this.#broken !== undefined) throw this.#broken
    for (const { nodeId, process, host } of this.#machines.values()) {
      if (process && host?.alive()) this.checker.observe(nodeId, process.control.state())
    }
  }

  #machine(id: string): Machine {
    const machine = this.#machines.get(id)
    if (machine === undefined) throw new Error(`assert: no machine ${id}`)
    return machine
  }

  #logOf(host: Host, verbose: boolean): Log {
    const { trace } = this.#parts
    const write = (level: string) => (message: string, fields?: Record<string, unknown>) => {
      if (verbose && host.alive()) trace.note(`  ${host.id} ${level} ${message} ${textOf(fields)}`)
    }
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
    }
  }
}

function portOf(machine: Machine): number {
  return 8_000 + machine.moves
}

function textOf(fields: Record<string, unknown> | undefined): string {
  if (fields === undefined) return ''
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : String(value)}`)
    .join(' ')
}

const systemInfo = {
  memTotalBytes: 1,
  memFreeBytes: 1,
  memAvailableBytes: 1,
  processRssBytes: 1,
  cpuCount: 1,
  processCpuPercent: 0,
  systemCpuPercent: 0,
  loadAverage: [0, 0, 0] as const,
  pid: 1,
  hostname: 'simulated',
}
