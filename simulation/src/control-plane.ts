import type { Bck } from '@aistore-ts/core/bucket/bck.ts'
import { addBucket, emptyBmd, findBucket, removeBucket } from '@aistore-ts/core/bucket/bmd.ts'
import { defaultBucketProps } from '@aistore-ts/core/bucket/bucket-props.ts'
import { newerThan } from '@aistore-ts/core/cluster/keepalive.ts'
import { createMetadata, loadMetadata, type Metadata } from '@aistore-ts/core/cluster/metadata.ts'
import { parseMetasync } from '@aistore-ts/core/cluster/metasync.ts'
import { createPrimary, type Primary } from '@aistore-ts/core/cluster/primary.ts'
import { emptySmap, withNode, withPrimary } from '@aistore-ts/core/cluster/smap.ts'
import { createSnode, netInfo, type Snode } from '@aistore-ts/core/cluster/snode.ts'
import { defaultClusterConfig } from '@aistore-ts/core/config/cluster-config.ts'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Answer, NodeCall } from '@aistore-ts/core/ports/call.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import type { Transport } from '@aistore-ts/core/ports/transport.ts'
import { parseJson } from '@aistore-ts/core/wire/json.ts'
import { SeededRandom } from './seeded-random.ts'
import { VirtualClock } from './virtual-clock.ts'

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** A disk for documents that outlives its node. */
function memoryDocuments(): DocumentStore {
  const texts = new Map<string, string>()
  return {
    load: async (name) => texts.get(name),
    save: async (name, text) => {
      texts.set(name, text)
    },
  }
}

interface SimNode {
  readonly snode: Snode
  readonly documents: DocumentStore
  /** Absent while the node is down. */
  metadata: Metadata | undefined
}

/** What a run did, for its checkers. */
export interface ControlPlaneRun {
  /** Buckets whose creation, or destruction, was acknowledged last: name to existence. */
  readonly acknowledged: ReadonlyMap<string, boolean>
  /** After the faults stopped: every node's view of the buckets, as one text each. */
  readonly views: readonly string[]
  /** What happened, line by line: equal seeds give equal traces. */
  readonly trace: readonly string[]
}

export interface ControlPlaneOptions {
  readonly seed: number
  readonly targets: number
  readonly operations: number
  /** Chance that a message is lost, 0 to 1. */
  readonly loss: number
}

const bck = (name: string): Bck => ({ name, provider: 'ais', namespace: { uuid: '', name: '' } })

function emptyAnswer(status: number): Answer {
  const bytes = new Uint8Array()
  const body = {
    lengthBytes: 0,
    consume: async () => undefined,
    async *[Symbol.asyncIterator]() {
      yield bytes
    },
  }
  return {
    status,
    headers: { get: () => undefined, all: () => [], lines: () => [] },
    body,
    bytes: async () => bytes,
    discard: () => undefined,
  }
}

/**
 * The primary's metadata changes over a network that loses messages and targets that crash and return: the real code of
 * `core/cluster` in virtual time. The primary itself stays up: there is no election yet.
 */
export async function runControlPlane(options: ControlPlaneOptions): Promise<ControlPlaneRun> {
  const random = new SeededRandom(options.seed)
  const clock = new VirtualClock()
  const trace: string[] = []
  const config = defaultClusterConfig()
  const makeNode = (index: number): SimNode => {
    const net = netInfo('sim', 1_000 + index)
    const daemonType = index === 0 ? 'proxy' : 'target'
    const init = { daemonId: `node${index}aaa`, publicNet: net, controlNet: net, dataNet: net }
    return {
      snode: createSnode({ ...init, daemonType }),
      documents: memoryDocuments(),
      metadata: undefined,
    }
  }
  const nodes = Array.from({ length: options.targets + 1 }, (_, index) => makeNode(index))
  const [first, ...targets] = nodes
  if (first === undefined) throw new Error('assert: there is a primary')
  let faults = true

  async function boot(node: SimNode): Promise<void> {
    const kept = await loadMetadata(node.documents)
    node.metadata = createMetadata(
      {
        smap: kept.smap ?? emptySmap(),
        bmd: kept.bmd ?? emptyBmd(),
        config: kept.config ?? config,
      },
      node.documents,
      silent,
    )
  }

  const transport: Transport = {
    async call(to: Snode, _network, call: NodeCall, timeoutMs: number) {
      const receiver = nodes.find((node) => node.snode.daemonId === to.daemonId)
      const lost = faults && random.next() < options.loss
      await clock.sleep(1 + random.below(5))
      if (lost || receiver?.metadata === undefined) {
        await clock.sleep(timeoutMs)
        trace.push(`${clock.now()} lost ${to.daemonId}`)
        throw new AisError('ErrUnreachable', to.daemonId)
      }
      await receiver.metadata.apply(parseMetasync(parseJson(String(call.body))))
      // The answer may be lost although the change was made.
      if (faults && random.next() < options.loss) throw new AisError('ErrUnreachable', to.daemonId)
      return emptyAnswer(200)
    },
  }

  await boot(first)
  const own = first.metadata
  if (own === undefined) throw new Error('assert: the primary is up')
  const primary: Primary = createPrimary({
    metadata: own,
    transport,
    clock,
    log: silent,
    self: () => first.snode,
  })
  await own.apply({
    smap: {
      ...withPrimary(withNode(emptySmap(), first.snode), first.snode.daemonId, 0),
      uuid: 'sim',
    },
    bmd: { ...emptyBmd('sim-bmd'), version: 1 },
    config: { ...config, config_version: 1 },
  })

  /** A node tells the primary what it has and takes what it lacks, as its keepalive does. */
  async function keepalive(node: SimNode): Promise<void> {
    if (node.metadata === undefined || own === undefined) return
    if (faults && random.next() < options.loss) return
    const [smap, bmd, conf] = [node.metadata.smap(), node.metadata.bmd(), node.metadata.config()]
    const versions = { smap: smap.version, bmd: bmd.version, config: conf.config_version }
    await primary.join(node.snode)
    await node.metadata.apply(newerThan(own, { node: node.snode, uuid: smap.uuid, versions }))
  }

  const acknowledged = new Map<string, boolean>()
  async function operate(): Promise<void> {
    for (let step = 0; step < options.operations; step++) {
      await clock.sleep(random.below(200))
      const name = `b${random.below(6)}`
      const wanted = random.next() < 0.6
      await primary.updateBmd((bmd) => {
        const exists = findBucket(bmd, bck(name)) !== undefined
        if (exists === wanted) return undefined
        const props = { ...defaultBucketProps(config, 'ais'), bid: BigInt(bmd.version + 1) }
        return wanted ? addBucket(bmd, bck(name), props) : removeBucket(bmd, bck(name))
      })
      acknowledged.set(name, wanted)
      trace.push(`${clock.now()} ${wanted ? 'create' : 'destroy'} ${name}`)
    }
    faults = false
  }

  async function live(node: SimNode): Promise<void> {
    await boot(node)
    for (;;) {
      await clock.sleep(1_000)
      if (faults && random.next() < 0.1) {
        trace.push(`${clock.now()} crash ${node.snode.daemonId}`)
        node.metadata = undefined
        await clock.sleep(random.below(5_000))
        await boot(node)
      }
      await keepalive(node)
    }
  }

  async function retry(): Promise<void> {
    for (;;) {
      await clock.sleep(1_000)
      await primary.retryPending()
    }
  }

  for (const target of targets) void live(target)
  void retry()
  const work = operate()
  while (faults) await clock.run(clock.now() + 10_000)
  await work
  // Six keepalive periods without faults: every node must have the same buckets by then.
  await clock.run(clock.now() + 6_000)
  const view = (node: SimNode) =>
    `v${node.metadata?.bmd().version} ${[...acknowledged.keys()]
      .sort()
      .map(
        (name) =>
          `${name}=${node.metadata && findBucket(node.metadata.bmd(), bck(name)) !== undefined}`,
      )
      .join(' ')}`
  return { acknowledged, views: nodes.map(view), trace }
}
