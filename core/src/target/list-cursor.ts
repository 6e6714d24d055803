import { compareUtf8 } from '../algorithms/utf8.ts'
import type { Mountpath, ObjectBrief, ObjectMeta } from '../ports/mountpath.ts'
import type { Platform } from '../ports/platform.ts'
import type { TargetListQuery } from './list-page.ts'
import type { TargetBucket } from './target.ts'

/** A row of a catalog: the whole of it, or name and size where no more was asked for. */
export type Row = ObjectMeta | ObjectBrief

/** What a brief row can answer. */
const briefProps: ReadonlySet<string> = new Set(['name', 'size', 'cached', 'status', 'ec'])

/** Rows asked of a catalog per step, after which the loop is given back. */
export const stepRows = 1_000
/** The same just behind a virtual directory: the next name may well lead into another one. */
const firstStepRows = 16
const stepGrowth = 4

/** A cursor over one catalog, which it reads in steps. */
export class Cursor {
  readonly mountpath: Mountpath
  readonly #bucket: TargetBucket
  readonly #query: TargetListQuery
  readonly #brief: boolean
  #rows: readonly Row[] = []
  #at = 0
  #end = false
  #step: number

  constructor(mountpath: Mountpath, bucket: TargetBucket, query: TargetListQuery) {
    this.mountpath = mountpath
    this.#bucket = bucket
    this.#query = query
    this.#brief = [...query.props].every((prop) => briefProps.has(prop))
    this.#step = query.recursive ? stepRows : firstStepRows
  }

  /** It must be read on before it can tell what comes next. */
  get isDry(): boolean {
    return this.#at === this.#rows.length && !this.#end
  }

  /** Reads on behind `after`. */
  load(after: string): void {
    const { prefix, props } = this.#query
    const page = { prefix, after, limit: Math.min(this.#step, this.#query.limit + 1) }
    this.#step = Math.min(this.#step * stepGrowth, stepRows)
    const full = props.has('custom') || props.has('chunked') || props.has('etag')
    this.#rows = this.#brief
      ? this.mountpath.listBrief(this.#bucket, page)
      : this.mountpath.list(this.#bucket, { ...page, full })
    this.#at = 0
    this.#end = this.#rows.length < page.limit
  }

  peek(): Row | undefined {
    return this.#rows[this.#at]
  }

  next(): void {
    this.#at += 1
  }

  /** Skips everything up to and including `name` of what was read. */
  skipPast(name: string): void {
    for (let row = this.peek(); row && compareUtf8(row.name, name) <= 0; row = this.peek()) {
      this.#at += 1
    }
    if (this.isDry) this.#step = firstStepRows
  }
}

/** Lets others have their turn: a timer would rest a millisecond each time. */
export function afterTurn({
  platform: { files, clock },
}: {
  readonly platform: Pick<Platform, 'clock' | 'files'>
}): Promise<void> {
  return files === undefined ? clock.sleep(0) : new Promise((resolve) => files.afterTurn(resolve))
}
