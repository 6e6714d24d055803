import { toBase64 } from '@aistore-ts/core/algorithms/base64.ts'
import type { BlockStore } from './block-store.ts'

/** Blocks that are what they were when they were kept. */
export interface CheckedBlocks {
  /** `undefined`: it is not there, or was spoiled. */
  find(key: string, lengthBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined>
  keep(key: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toBase64(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

/** Has every block checked at every hit. */
export function checkedBlocks(store: BlockStore): CheckedBlocks {
  return {
    async find(key, lengthBytes) {
      const block = await store.find(key)
      if (block === undefined || block.bytes.byteLength !== lengthBytes) return undefined
      return (await sha256Of(block.bytes)) === block.sha256 ? block.bytes : undefined
    },
    async keep(key, bytes) {
      await store.keep(key, { bytes, sha256: await sha256Of(bytes) })
    },
  }
}
