import type { BlockStore, StoredBlock } from './block-store.ts'

/** Blocks in memory, at most `bytesMax` of them together: those that were not asked for the longest go first. */
export function memoryBlocks(bytesMax: number): BlockStore {
  const kept = new Map<string, StoredBlock>()
  let sizeBytes = 0

  function drop(key: string): void {
    sizeBytes -= kept.get(key)?.bytes.byteLength ?? 0
    kept.delete(key)
  }

  return {
    find(key) {
      const block = kept.get(key)
      if (block === undefined) return undefined
      kept.delete(key)
      kept.set(key, block)
      return block
    },
    keep(key, block) {
      drop(key)
      if (block.bytes.byteLength > bytesMax) return
      kept.set(key, block)
      sizeBytes += block.bytes.byteLength
      for (const oldest of kept.keys()) {
        if (sizeBytes <= bytesMax) break
        drop(oldest)
      }
    },
  }
}
