import { readdir } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { createChance } from '../chance.ts'
import type { LabNode } from '../lab-node.ts'
import { nodePort } from '../lab-node.ts'
import type { Scenario, Trial } from '../scenario.ts'
import { createBucket } from './buckets.ts'
import { quiet } from './objects.ts'

/** A door to a node that slams, with a TCP reset to both sides, after so many bytes in one direction. */
interface Door {
  readonly port: number
  /** The next connection ends after so many bytes from the client, or to it. */
  slamAfter(bytes: number, direction: 'in' | 'out'): void
  close(): Promise<void>
}

async function openDoor(node: LabNode): Promise<Door> {
  const host = new URL(node.url).hostname
  let limit: { bytes: number; direction: 'in' | 'out' } | undefined
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const own = limit
    limit = undefined
    const upstream = connect(nodePort, host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    const slam = () => {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    function pass(from: Socket, to: Socket, most: number | undefined): void {
      let left = most
      from.on('data', (chunk: Buffer) => {
        const piece = left === undefined ? chunk : chunk.subarray(0, left)
        if (left !== undefined) left -= piece.length
        // What went before the reset is to arrive.
        to.write(piece, () => {
          if (left === 0) setTimeout(slam, slamMs)
        })
        if (left === 0) from.pause()
      })
      from.on('close', () => to.destroy())
    }
    pass(client, upstream, own?.direction === 'in' ? own.bytes : undefined)
    pass(upstream, client, own?.direction === 'out' ? own.bytes : undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('assert: a TCP port')
  return {
    port: address.port,
    slamAfter(bytes, direction) {
      limit = { bytes, direction }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Time that what was sent has to arrive before the reset overtakes it, ms. */
const slamMs = 5
const offsets = 100
const objectBytes = 300_000
const headBytes = 400

function contentOf(version: number): Buffer {
  return Buffer.alloc(objectBytes, `version ${version} of it; `)
}

/** Where the gateway sends a call, which must be the same there: the tag of the redirect covers its length. */
async function placeOf(gateway: LabNode, name: string, init: RequestInit): Promise<URL> {
  const url = `${gateway.url}/v1/objects/resets/${name}`
  const reply = await fetch(url, { ...init, redirect: 'manual' })
  const text = await reply.text()
  const location = reply.headers.get('location')
  if (location === null) throw new Error(`${name}: not redirected: ${reply.status} ${text}`)
  return new URL(location)
}

/** The body that came whole, or `undefined` when the connection broke. */
async function through(
  door: Door | undefined,
  at: URL,
  init: RequestInit,
): Promise<{ status: number; body: Buffer } | undefined> {
  const url = new URL(at)
  if (door !== undefined) url.host = `127.0.0.1:${door.port}`
  // Each call has a connection of its own.
  const headers = { connection: 'close', host: at.host }
  try {
    const reply = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(5_000) })
    return { status: reply.status, body: Buffer.from(await reply.arrayBuffer()) }
  } catch {
    return undefined
  }
}

const sized = (content: Buffer): RequestInit => ({ method: 'PUT', body: new Uint8Array(content) })

/** Without a length: the gateway passes it on itself. */
function chunked(content: Buffer): RequestInit {
  const body = new Blob([new Uint8Array(content)]).stream()
  return { method: 'PUT', body, duplex: 'half' } as RequestInit
}

type Doors = ReadonlyMap<string, Door>

function doorTo(doors: Doors, place: URL): Door {
  const door = doors.get(place.host)
  if (door === undefined) throw new Error(`assert: a door to ${place.host}`)
  return door
}

/** Asks a gateway where to, and goes there; through the door of that target, which may slam. */
async function put(
  way: { readonly doors: Doors; slam?(door: Door): void } | undefined,
  gateway: LabNode,
  name: string,
  call: () => RequestInit,
): Promise<{ status: number; body: Buffer } | undefined> {
  const isSized = call().body instanceof Uint8Array
  const place = isSized
    ? await placeOf(gateway, name, call())
    : new URL(`/v1/objects/resets/${name}`, gateway.url)
  const door = way && doorTo(way.doors, place)
  if (door !== undefined) way?.slam?.(door)
  return through(door, place, call())
}

/** Connections are reset in the middle of PUT, GET, and PUT without a length, at many offsets. */
async function midCall(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway] = lab.proxies
  if (gateway === undefined) throw new Error('assert: there is a gateway')
  trial.check((await createBucket(gateway, 'resets')) === 200, 'the bucket was not made')
  const chance = createChance(trial.seed)
  const doors = new Map<string, Door>()
  for (const node of [gateway, ...lab.targets]) {
    doors.set(new URL(node.url).host, await openDoor(node))
  }
  let broken = 0
  for (let at = 0; at < offsets; at++) {
    const name = `o${at % 10}`
    const bytes = headBytes + Math.floor(chance() * (objectBytes - headBytes))
    const old = contentOf(at)
    // A redirect is good for one change, of that length.
    const first = await put(undefined, gateway, name, () => sized(old))
    trial.check(first?.status === 200, `PUT ${at} without a reset: ${first?.status}`)

    const next = contentOf(at + 1_000)
    const slam = (door: Door) => door.slamAfter(bytes, 'in')
    const kind = at % 2 === 0 ? sized : chunked
    const cut = await put({ doors, slam }, gateway, name, () => kind(next))
    trial.check(cut === undefined, `PUT ${at} reset at ${bytes}: answered ${cut?.status}`)
    if (cut === undefined) broken += 1

    const get = await placeOf(gateway, name, {})
    const door = doorTo(doors, get)
    const whole = await through(undefined, get, {})
    trial.check(
      whole?.body.equals(old) === true,
      `GET ${at} after the reset PUT is not the old one`,
    )
    door.slamAfter(bytes, 'out')
    const half = await through(door, get, {})
    trial.check(half === undefined, `GET ${at} reset at ${bytes} looks whole`)
    if (half === undefined) broken += 1

    const again = await put({ doors }, gateway, name, () => sized(next))
    const read = await through(door, get, {})
    trial.check(again?.status === 200, `PUT ${at} again: ${again?.status}`)
    trial.check(read?.body.equals(next) === true, `GET ${at} again is not the new one`)
  }
  for (const door of doors.values()) await door.close()
  trial.figure('calls broken', broken)
  trial.check(await noDrafts(trial), 'work files are left')
}

/** Every body that was broken off is gone from the disks. */
async function noDrafts({ lab }: Trial): Promise<boolean> {
  for (const disk of lab.targets.flatMap(({ disks }) => disks)) {
    const names = await readdir(disk, { recursive: true })
    if (names.some((name) => /(^|\/)%wk\/./.test(name))) return false
  }
  return true
}

/** Connections between targets are reset while objects move. */
async function midStream(trial: Trial): Promise<void> {
  const { lab } = trial
  const [gateway, spare] = [lab.proxies[0], lab.targets[2]]
  if (gateway === undefined || spare === undefined) throw new Error('assert: a spare target')
  const ledger = await trial.load(300)
  await trial.pause(8)
  const machines = lab.targets.map(({ machine }) => machine)
  await lab.network.reset(machines, resetPercent)
  await spare.start()
  await trial.within(6, 'the third is in the map', () => trial.agree(lab.nodes, 1, 3))
  await trial.pause(5)
  await lab.network.heal()
  await trial.within(60, 'rebalance completed', () => quiet(gateway))
  await ledger.stop()
  for (const problem of await ledger.verify()) trial.check(false, problem)
  // A receiver whose sender alone saw the reset waits for the rest of a body; after a restart nothing of it is left.
  for (const target of lab.targets) {
    await target.kill()
    await target.start()
  }
  await trial.within(6, 'all are back', () => trial.agree(lab.nodes, 1, 3))
  trial.check(await noDrafts(trial), 'work files are left')
}

/** Of the packets with content between targets, so many percent end their connection. */
const resetPercent = 5

export const resetScenarios: readonly Scenario[] = [
  {
    id: 'E04',
    title: 'TCP resets in the middle of calls, at 100 offsets',
    shape: { proxies: 1, targets: 2 },
    run: midCall,
  },
  {
    id: 'E04s',
    title: 'TCP resets between targets while objects move',
    shape: { proxies: 1, targets: 2, spares: 1 },
    run: midStream,
  },
]
