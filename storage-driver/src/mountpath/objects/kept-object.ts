import type { FileStat } from '@aistore-ts/core/ports/file-system.ts'
import type { ObjectMeta, SmallObject } from '@aistore-ts/core/ports/mountpath.ts'
import type { MountpathContext } from '../context.ts'

/** For so long the file of a kept object is taken to be what it was when it was last looked at, ms. */
const lookMs = 100

const nothing = new Uint8Array(0)

/** An object in memory, with all that tells whether it is still the one that the disk has. */
export class KeptObject implements SmallObject {
  readonly meta: ObjectMeta
  readonly path: string
  #bytes: Uint8Array
  readonly #context: Pick<MountpathContext, 'buckets' | 'catalog' | 'clock' | 'gate'>
  /** Of the file that the bytes were read from. */
  readonly #inode: number
  readonly #ctimeNs: bigint
  /** When that file was last seen to be the same, monotonic ms. */
  #seenMs: number
  /** Changes of rows and of buckets there had been when the row was last found to be the one in force. */
  #rowChanges: number
  #bucketChanges: number

  constructor(
    context: MountpathContext,
    meta: ObjectMeta,
    path: string,
    { bytes, stat }: { readonly bytes: Uint8Array; readonly stat: FileStat },
  ) {
    const { buckets, catalog, clock, gate } = context
    this.#context = { buckets, catalog, clock, gate }
    this.meta = meta
    this.path = path
    this.#bytes = bytes
    this.#inode = stat.inode
    this.#ctimeNs = stat.ctimeNs
    this.#seenMs = clock.monotonic()
    this.#rowChanges = catalog.objects.changes
    this.#bucketChanges = buckets.changes
  }

  get bytes(): Uint8Array {
    return this.#bytes
  }

  isCurrent(): boolean {
    const { buckets, catalog, gate } = this.#context
    return (
      catalog.objects.changes === this.#rowChanges &&
      buckets.changes === this.#bucketChanges &&
      gate.open &&
      this.wasSeen()
    )
  }

  /** The row was looked up, and is this object's. */
  confirm(): void {
    this.#rowChanges = this.#context.catalog.objects.changes
    this.#bucketChanges = this.#context.buckets.changes
  }

  /** The file was the same a moment ago. */
  wasSeen(): boolean {
    return this.#context.clock.monotonic() - this.#seenMs < lookMs
  }

  /** The file is the same now. */
  see(): void {
    this.#seenMs = this.#context.clock.monotonic()
  }

  /** Whether `stat` is that of the file, unchanged since it was read. */
  isOf(stat: FileStat | undefined): boolean {
    return stat?.inode === this.#inode && stat.ctimeNs === this.#ctimeNs
  }

  /** It is kept no more: who still holds it does not hold its content, and asks for another. */
  forget(): void {
    this.#bytes = nothing
    this.#seenMs = Number.NEGATIVE_INFINITY
  }
}
