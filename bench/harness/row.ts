/** One measurement of one server. */
export interface Measure {
  /** In the row's unit. */
  readonly value: number
  /** Latency as wrk reports it, ms; absent where the row's value is a time itself. */
  readonly p50Ms?: number | undefined
  readonly p99Ms?: number | undefined
  /** Share of each core that was busy meanwhile, 0 to 1: what shows who the bottleneck was. */
  readonly serverBusy?: number
  readonly clientBusy?: number
}

/** Who answers the row's question: a reference or ours. */
export interface Subject {
  /**
   * Reference names begin with `nginx`, `bare-` or `original`; ours are `bun` and `node`. Rows about growth are named
   * for sizes: `1k`, `100k`, `1m`; rows about layers for what each of them does.
   */
  readonly name: string
  measure(seconds: number): Promise<Measure>
}

export type Unit =
  | 'requests/s'
  | 'objects/s'
  | 'MB/s'
  | 'keys/s'
  | 'lookups/s'
  | 'bytes'
  | 'KiB'
  | 'MB'
  | 'ms'

/** One question, answered by several servers in the same run. */
export interface Row {
  readonly name: string
  readonly question: string
  readonly unit: Unit
  /** The subject that counts as 1. */
  readonly reference: string
  /** Ratio to `reference` each of ours is to reach. */
  readonly goals?: Readonly<Record<string, number>>
  /** Most each of ours may come to, in the row's unit: memory, time. */
  readonly limits?: Readonly<Record<string, number>>
  /** What the row cannot do without: told when it has no subjects. */
  readonly needs?: string
  /** How long one measurement is where what is asked shows only after a while, s; a quick run and `--seconds` say otherwise. */
  readonly seconds?: number
  /** Load comes before the first measurement as well: compilers are warm by then. */
  readonly warmsUp?: boolean
  /** Starts what the row needs; none when that is not to be had; `bench` closes it after the last row. */
  subjects(lab: import('./lab.ts').Lab): Promise<readonly Subject[]>
}
