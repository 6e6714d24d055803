import { describe, expect, it } from 'vitest'
import { createPieceBuffers, createWriteBehind, pieceBytes } from './write-behind.ts'

/** A file in memory; a write lasts until the test ends it. */
function slowFile() {
  const bytes = new Uint8Array(4 * pieceBytes)
  const pending: (() => void)[] = []
  let fails: Error | undefined
  let together = 0
  return {
    bytes,
    get together() {
      return together
    },
    get pending() {
      return pending.length
    },
    failWith: (error: Error) => {
      fails = error
    },
    /** Ends the write under way. */
    end: async () => {
      pending.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
    write: (_fd: number, from: Uint8Array, position: number): Promise<void> =>
      new Promise((resolve, reject) => {
        together = Math.max(together, pending.length + 1)
        pending.push(() => {
          bytes.set(from, position)
          if (fails === undefined) resolve()
          else reject(fails)
        })
      }),
  }
}

const pattern = (length: number, from = 0) =>
  Uint8Array.from({ length }, (_, index) => (from + index) % 251)

describe('a file that is written behind its sender', () => {
  it('gets all bytes in order, one write at a time, though the chunks are used again', async () => {
    const file = slowFile()
    const behind = createWriteBehind(file, createPieceBuffers(), 1, 7)
    const content = pattern(3 * pieceBytes - 100)
    const chunk = new Uint8Array(50_000)
    for (let at = 0; at < content.byteLength; at += chunk.byteLength) {
      const part = content.subarray(at, at + chunk.byteLength)
      chunk.set(part)
      let added = false
      const adding = Promise.resolve(behind.add(chunk.subarray(0, part.byteLength))).then(() => {
        added = true
      })
      await Promise.resolve()
      while (!added) await file.end()
      await adding
      chunk.fill(255)
    }
    const flushing = Promise.resolve(behind.flush())
    while (file.pending > 0) await file.end()
    await flushing
    expect(file.bytes.subarray(7, 7 + content.byteLength)).toEqual(content)
    expect(file.together).toBe(1)
  })

  it('goes on while a piece is written, and waits with the second one', () => {
    const file = slowFile()
    const behind = createWriteBehind(file, createPieceBuffers(), 1, 0)
    const half = pattern(pieceBytes / 2 - 1)
    expect([1, 2, 3, 4].map(() => behind.add(half))).toEqual(Array(4).fill(undefined))
    expect(file.pending).toBe(1)
    expect(behind.add(half)).toBeInstanceOf(Promise)
  })

  it('writes a large chunk from where it lies', async () => {
    const file = slowFile()
    const behind = createWriteBehind(file, createPieceBuffers(), 1, 0)
    const large = pattern(pieceBytes + 5)
    const adding = behind.add(large)
    await file.end()
    await adding
    expect(behind.flush()).toBeUndefined()
    expect(file.bytes.subarray(0, large.byteLength)).toEqual(large)
  })

  it('tells a failed write to who comes next, and to who ends it', async () => {
    const file = slowFile()
    const behind = createWriteBehind(file, createPieceBuffers(), 1, 0)
    const full = new Error('no space')
    file.failWith(full)
    for (let count = 0; count < 4; count++) behind.add(pattern(pieceBytes / 4))
    await file.end()
    expect(() => behind.add(pattern(1))).toThrow(full)
    expect(() => behind.flush()).toThrow(full)
  })

  it('is let go only when the thread pool is done with it', async () => {
    const file = slowFile()
    const behind = createWriteBehind(file, createPieceBuffers(), 1, 0)
    for (let count = 0; count < 5; count++) behind.add(pattern(pieceBytes / 4))
    let dropped = false
    const dropping = behind.drop().then(() => {
      dropped = true
    })
    await Promise.resolve()
    expect(dropped).toBe(false)
    await file.end()
    await dropping
    expect(file.pending).toBe(0)
  })
})
