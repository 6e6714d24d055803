import type { HashType } from '../object/checksum.ts'
import type { Answer, Call, Handler, Network, NodeCall, Reply } from './call.ts'
import type { Clock } from './clock.ts'
import type { Compression } from './compression.ts'
import type { Crypto } from './crypto.ts'
import type { FileSystem } from './file-system.ts'
import type { OutsideCall } from './outside-call.ts'
import type { Random } from './random.ts'
import type { SqliteCheckpoint, SqliteDatabase } from './sqlite.ts'
import type { Tls } from './tls.ts'

export interface ServeOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly network: Network
  /** Largest header block accepted, where the runtime lets us say so. */
  readonly headerBytesMax: number
  /** Idle keep-alive, ms. */
  readonly keepAliveMs: number
  /** A transfer slower than this many bytes a second over `stallMs` is cut. */
  readonly minRateBytes: number
  readonly stallMs: number
  /** SO_SNDBUF asked of the listening socket where the runtime can do it; 0 leaves the default. */
  readonly sendBufferBytes: number
  /** Absent: plain HTTP. TLS 1.2 and up otherwise, and nothing else on that port. */
  readonly tls?: Tls | undefined
  /** The reply to a request that is refused before a handler could see it; the connection closes behind it. */
  refuse(refused: RefusedCall): Reply
  /** Last resort for an error that left the handler. */
  onError(error: unknown, call: Call | undefined): void
}

/** A request that is no HTTP/1.1, came too late, or whose handler failed; a 400, mostly. */
export interface RefusedCall {
  readonly status: number
  /** What is wrong with it, for the client to read. */
  readonly reason: string
  /** Empty where it could not be read. */
  readonly method: string
  /** As it arrived; empty where it could not be read. */
  readonly target: string
  readonly remoteAddress: string
  readonly remotePort: number
}

export interface Listener {
  readonly port: number
  readonly host: string
  /** Stops accepting, lets what runs finish for at most `graceMs`, then cuts it. */
  close(graceMs: number): Promise<void>
}

/** Incremental digest. */
export interface Hasher {
  update(chunk: Uint8Array): void
  /** Lower-case hex, as it travels. The hasher is spent afterwards. */
  digestHex(): string
}

/** What a runtime lends us. Built once, passed down. */
export interface Platform {
  readonly name: 'node' | 'bun' | 'deno' | 'workerd' | 'simulation'
  /** Version of the runtime, for status pages. */
  readonly version: string
  readonly clock: Clock
  readonly random: Random
  readonly crypto: Crypto
  /** Outbound HTTP, pooled and kept alive. Any HTTP status is an answer. @throws AisError `ErrUnreachable` */
  call(origin: string, call: NodeCall, timeoutMs: number): Promise<Answer>
  /**
   * GET or HEAD of a URL that somebody gave us, to public addresses alone. Absent where names cannot be looked up by us.
   * @throws AisError `ErrForbidden` for an address that may not be called, `ErrUnreachable`, `ErrBadRequest` for what is no URL
   */
  callOutside?(call: OutsideCall): Promise<Answer>
  /** The same platform, whose calls of `https` origins show this certificate and trust its authorities as well. */
  secured?(tls: Tls): Platform
  /**
   * Native where it can be, equal to the pure one.
   * @param lengthBytes of all that will be hashed, where it is known: less work for what comes in one piece
   */
  createHasher(type: HashType, lengthBytes?: number): Hasher
  /** Accepts calls until closed. @throws AisError `ErrPortInUse` */
  serve(handler: Handler, options: ServeOptions): Promise<Listener>
  /** Memory, CPU, load: what `sysinfo` and node status need. */
  systemInfo(): SystemInfo
  /** Absent in simulation: it leaves the isolate. */
  readonly compression?: Compression
  /** Absent where there is no disk; such a node can be a proxy, never a target. */
  readonly files?: FileSystem
  readonly sqlite?: (path: string, options?: { readonly readOnly?: boolean }) => SqliteDatabase
  readonly sqliteCheckpoint?: SqliteCheckpoint
}

export interface SystemInfo {
  readonly memTotalBytes: number
  readonly memFreeBytes: number
  readonly memAvailableBytes: number
  readonly processRssBytes: number
  readonly cpuCount: number
  /** Percent of one process over its life or since the previous call. */
  readonly processCpuPercent: number
  readonly systemCpuPercent: number
  readonly loadAverage: readonly [one: number, five: number, fifteen: number]
  readonly pid: number
  readonly hostname: string
  /** Activity of the machine's disks by name (`sda`); absent where the system does not tell. */
  readonly disks?: ReadonlyMap<string, DiskActivity> | undefined
}

/** What a disk did a second, over about the last second or since it was looked at before. */
export interface DiskActivity {
  readonly readsPerSecond: number
  readonly readBytesPerSecond: number
  readonly writesPerSecond: number
  readonly writeBytesPerSecond: number
  /** Share of the time in which it had something to do. */
  readonly utilPercent: number
}
