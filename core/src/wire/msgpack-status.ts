import { fromBase64 } from '../algorithms/base64.ts'
import { MsgpackWriter } from './msgpack-writer.ts'

/**
 * How the JSON of a node query becomes msgpack: each JSON key with its short key and what is inside. `each` says
 * that a map or a list holds things of the shape; `null` is then an empty one, since Go's decoder takes no nil there.
 */
type Shape = {
  readonly [jsonKey: string]: readonly [key: string, inside: Inside, each?: 'each' | 'list']
}

/** `as-is` keeps the keys; `float` writes even a whole number as one, as Go's
 * decoder demands; the others take a number, bytes or a file-system ID out of a JSON string. */
type Inside =
  | 'plain'
  | 'float'
  | 'as-is'
  | 'number-of-text'
  | 'bytes-of-base64'
  | 'fsid'
  | 'mountpath'
  | Shape

const net: Shape = {
  node_ip_addr: ['h', 'plain'],
  daemon_port: ['p', 'plain'],
  direct_url: ['u', 'plain'],
}

const snode: Shape = {
  public_net: ['p', net],
  intra_data_net: ['d', net],
  intra_control_net: ['c', net],
  daemon_type: ['t', 'plain'],
  daemon_id: ['i', 'plain'],
  pub_extra: ['e', net, 'list'],
  flags: ['f', 'plain'],
  id_digest: ['g', 'plain'],
  verifying_key: ['v', 'bytes-of-base64'],
}

/** After `nested`: msgpack has the three numbers in a map of their own. */
const mountpath: Shape = {
  mountpath_label: ['l', 'plain'],
  fs: ['f', { Fs: ['f', 'plain'], FsType: ['t', 'plain'], FsID: ['i', 'fsid'] }],
  disks: ['d', 'plain', 'list'],
  capacity: [
    'Capacity',
    {
      used: ['u', 'number-of-text'],
      avail: ['a', 'number-of-text'],
      pct_used: ['p', 'plain'],
    },
  ],
}

const capacity: Shape = {
  mountpaths: ['m', 'mountpath', 'each'],
  cs_err: ['e', 'plain'],
  total_used: ['u', 'number-of-text'],
  total_avail: ['a', 'number-of-text'],
  pct_max: ['x', 'plain'],
  pct_avg: ['v', 'plain'],
  pct_min: ['n', 'plain'],
}

const memCpu: Shape = {
  mem_used: ['u', 'plain'],
  mem_avail: ['a', 'plain'],
  pct_mem_used: ['p', 'float'],
  pct_cpu_used: ['c', 'float'],
  load_avg: ['l', { One: ['o', 'float'], Five: ['f', 'float'], Fifteen: ['t', 'float'] }],
  cpu_util: ['t', 'plain'],
  cpu_throttled: ['h', 'plain'],
  mem: [
    'm',
    {
      Total: ['t', 'plain'],
      Used: ['u', 'plain'],
      Free: ['f', 'plain'],
      BuffCache: ['b', 'plain'],
      ActualFree: ['af', 'plain'],
      ActualUsed: ['au', 'plain'],
      SwapTotal: ['st', 'plain'],
      SwapFree: ['sf', 'plain'],
      SwapUsed: ['su', 'plain'],
    },
  ],
  proc: [
    'r',
    {
      CPU: [
        'c',
        {
          User: ['u', 'plain'],
          Sys: ['s', 'plain'],
          Total: ['t', 'plain'],
          LastTime: ['l', 'plain'],
          Percent: ['p', 'float'],
        },
      ],
      Mem: ['m', { Size: ['s', 'plain'], Resident: ['r', 'plain'], Share: ['h', 'plain'] }],
    },
  ],
}

const version: Shape = { version: ['Version', 'number-of-text'] }
const identity: Shape = { uuid: ['UUID', 'plain'], ...version }

const nodeState: Shape = {
  smap: [
    's',
    {
      Primary: [
        'Primary',
        { pub_url: ['PubURL', 'plain'], control_url: ['CtrlURL', 'plain'], id: ['ID', 'plain'] },
      ],
      ...identity,
    },
  ],
  bmd: ['b', identity],
  rmd: ['r', version],
  config: ['c', version],
  etlmd: ['e', version],
  flags: ['f', 'plain'],
}

const node: Shape = {
  snode: ['n', snode],
  tracker: ['t', 'as-is'],
  capacity: ['x', capacity],
}

const diskStats: Shape = {
  RBps: ['r', 'plain'],
  Ravg: ['s', 'plain'],
  WBps: ['w', 'plain'],
  Wavg: ['x', 'plain'],
  Util: ['u', 'plain'],
}

/** Shapes by the value of `what` that offers msgpack. @see AIStore stats/api.go */
export const statusShapes = {
  node_stats: node,
  node_status: {
    ...node,
    // No `rebalance_snap`: its times are a msgpack extension; who wants it asks for JSON.
    status: ['s', 'plain'],
    deployment: ['d', 'plain'],
    ais_version: ['v', 'plain'],
    build_time: ['b', 'plain'],
    k8s_pod_name: ['k', 'plain'],
    cluster: ['c', nodeState],
    sys_info: ['y', memCpu],
    smap_version: ['w', 'number-of-text'],
  },
  disk: { AllDiskStats: ['AllDiskStats', diskStats, 'each'], ...capacity },
} as const satisfies Record<string, Shape>

/**
 * The JSON answer of `what` as msgpack: short keys, sizes as integers. Keys a shape does not know stay out.
 * @throws TypeError for a value JSON could not say either
 */
export function encodeStatus(what: keyof typeof statusShapes, json: unknown): Uint8Array {
  const out = new MsgpackWriter()
  write(out, json, statusShapes[what])
  return out.finish()
}

function membersOf(value: object): [string, unknown][] {
  const members: [string, unknown][] =
    value instanceof Map ? [...value].map(([key, v]) => [String(key), v]) : Object.entries(value)
  return members.filter(([, member]) => member !== undefined)
}

function write(out: MsgpackWriter, value: unknown, inside: Inside): void {
  if (value === null || value === undefined) out.nil()
  else if (inside === 'number-of-text') out.int(BigInt(String(value)))
  else if (inside === 'float') out.float(Number(value))
  else if (inside === 'bytes-of-base64') out.bin(fromBase64(String(value)) ?? new Uint8Array())
  else if (inside === 'fsid') writeFsid(out, String(value))
  else if (inside === 'mountpath') write(out, nested(value), mountpath)
  else if (typeof value !== 'object' || typeof inside === 'string') writeAny(out, value)
  else {
    const known: [string, unknown, Shape[string]][] = []
    for (const [jsonKey, member] of membersOf(value)) {
      const row = Object.hasOwn(inside, jsonKey) ? inside[jsonKey] : undefined
      if (row !== undefined) known.push([row[0], member, row])
    }
    out.map(known.length)
    for (const [key, member, [, shape, each]] of known) {
      out.str(key)
      if (each === undefined) write(out, member, shape)
      else writeEach(out, member ?? (each === 'list' ? [] : {}), shape)
    }
  }
}

/** The three numbers of a mountpath moved into `capacity`. */
function nested(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { used, avail, pct_used, ...rest } = Object.fromEntries(membersOf(value))
  return { ...rest, capacity: { used, avail, pct_used } }
}

/** `66306,0` as the two 32-bit numbers it stands for. */
function writeFsid(out: MsgpackWriter, text: string): void {
  const [major, minor] = text.split(',').map((part) => Number.parseInt(part, 10) | 0)
  out.array(2)
  out.int(major ?? 0)
  out.int(minor ?? 0)
}

function writeEach(out: MsgpackWriter, value: unknown, inside: Inside): void {
  if (Array.isArray(value)) {
    out.array(value.length)
    for (const item of value) write(out, item, inside)
  } else if (typeof value === 'object' && value !== null) {
    const members = membersOf(value)
    out.map(members.length)
    for (const [key, member] of members) {
      out.str(key)
      write(out, member, inside)
    }
  } else out.nil()
}

/** Any JSON value with its own keys. */
function writeAny(out: MsgpackWriter, value: unknown): void {
  if (value === null || value === undefined) out.nil()
  else if (typeof value === 'string') out.str(value)
  else if (typeof value === 'boolean') out.bool(value)
  else if (typeof value === 'bigint') out.int(value)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) out.int(value)
    else out.float(value)
  } else if (Array.isArray(value)) {
    out.array(value.length)
    for (const item of value) writeAny(out, item)
  } else if (typeof value === 'object') {
    const members = membersOf(value)
    out.map(members.length)
    for (const [key, member] of members) {
      out.str(key)
      writeAny(out, member)
    }
  } else throw new TypeError(`not a msgpack value: ${typeof value}`)
}
