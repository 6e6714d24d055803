import type { BlockStore } from './block-store.ts'

/** What of a platform's cache is used. */
export type PlatformCache = Pick<Cache, 'match' | 'put'>

/** Nobody answers here: it is a name in the platform's cache, and never a client's URL. */
const syntheticHost = 'https://blocks.aistore.invalid'
const sumHeader = 'ais-sha256'
/** A block never changes: how long it is kept is the platform's affair, s. */
const keptSeconds = 604_800

/** Blocks in the platform's own cache. One that fails, because none was configured, is as an empty one. */
export function platformBlocks(cache: PlatformCache): BlockStore {
  return {
    async find(key) {
      try {
        const found = await cache.match(`${syntheticHost}/${key}`)
        const sha256 = found?.headers.get(sumHeader)
        if (found === undefined || typeof sha256 !== 'string') return undefined
        return { bytes: new Uint8Array(await found.arrayBuffer()), sha256 }
      } catch {
        return undefined
      }
    },
    async keep(key, { bytes, sha256 }) {
      const headers = { 'Cache-Control': `public, max-age=${keptSeconds}`, [sumHeader]: sha256 }
      try {
        await cache.put(`${syntheticHost}/${key}`, new Response(bytes, { headers }))
      } catch {
        // It is asked for again: whoever keeps nothing loses nothing but time.
      }
    },
  }
}
