import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Host } from './host.ts'
import type { SeededRandom } from './seeded-random.ts'

interface Write {
  readonly name: string
  /** Absent: it goes. */
  readonly text: string | undefined
}

/** How writes reach the disk. */
export interface DiskTraits {
  /** Ms a sync takes, least and most. */
  readonly syncMs: readonly [least: number, most: number]
  /** Planted mistake: says that a write is safe when it was only asked for. */
  readonly ackBeforeSync: boolean
}

/** The metadata disk of one machine: it survives the processes that use it. */
export class Disk {
  readonly #documents = new Map<string, string>()
  #unsynced: Write[] = []
  readonly #random: SeededRandom
  readonly #traits: DiskTraits

  constructor(random: SeededRandom, traits: DiskTraits) {
    this.#random = random
    this.#traits = traits
  }

  /** What the process `host` works with: `save` resolves when the document is safe. */
  storeOf(host: Host): DocumentStore {
    return {
      load: async (name) => this.#newest(name),
      save: (name, text) => this.#write(host, { name, text }),
      remove: (name) => this.#write(host, { name, text: undefined }),
    }
  }

  /** The process died: of what was not synced, each document is the old one or the new one. */
  crash(): void {
    for (const write of this.#unsynced) if (this.#random.chance(0.5)) this.#put(write)
    this.#unsynced = []
  }

  /** Nothing is left. */
  wipe(): void {
    this.#unsynced = []
    this.#documents.clear()
  }

  #write(host: Host, write: Write): Promise<void> {
    const [least, most] = this.#traits.syncMs
    return new Promise((resolve) => {
      if (!host.alive()) return
      this.#unsynced.push(write)
      host.after(least + this.#random.next() * (most - least), () => {
        if (!this.#unsynced.includes(write)) return
        this.#unsynced = this.#unsynced.filter((other) => other !== write)
        this.#put(write)
        resolve()
      })
      if (this.#traits.ackBeforeSync) resolve()
    })
  }

  #put({ name, text }: Write): void {
    if (text === undefined) this.#documents.delete(name)
    else this.#documents.set(name, text)
  }

  /** A read in the same process sees what it wrote. */
  #newest(name: string): string | undefined {
    const unsynced = this.#unsynced.findLast((write) => write.name === name)
    return unsynced === undefined ? this.#documents.get(name) : unsynced.text
  }
}
