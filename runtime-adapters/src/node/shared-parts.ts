import type { Platform } from '@aistore-ts/core/ports/platform.ts'
import type { Dial } from '../http1/outbound/dial.ts'
import { createNodeClock } from './clock.ts'
import { nodeCompression } from './compression.ts'
import { nodeCrypto } from './crypto.ts'
import { createFileSystem } from './file-system.ts'
import { createGuardedDialer } from './guarded-dialer.ts'
import { loadHashers } from './hashers.ts'
import { serveNet } from './net-listener.ts'
import { createOutbound } from './outbound.ts'
import { cryptoRandom } from './random.ts'
import { openSqlite } from './sqlite.ts'
import { createSqliteCheckpoint } from './sqlite-checkpoint.ts'
import { createSystemInfo } from './system-info.ts'

/** Gives a platform its `secured`; `dial` as for `createSharedParts`. */
export function withSecured(platform: Platform, dial: Dial): Platform {
  return {
    ...platform,
    secured: (tls) => withSecured({ ...platform, call: createOutbound({ tls, dial }).call }, dial),
  }
}

/**
 * What Node, Bun and Deno lend alike, through the `node:` builtins all three implement. `dial`: how the runtime opens a
 * connection best.
 */
export async function createSharedParts(dial: Dial): Promise<Omit<Platform, 'name' | 'version'>> {
  const createHasher = await loadHashers()
  const outbound = createOutbound({ dial })
  return {
    clock: createNodeClock(),
    random: cryptoRandom,
    crypto: nodeCrypto,
    call: outbound.call,
    callOutside: createGuardedDialer(),
    createHasher,
    compression: nodeCompression,
    serve: serveNet,
    systemInfo: createSystemInfo(),
    files: createFileSystem(),
    sqlite: openSqlite,
    sqliteCheckpoint: createSqliteCheckpoint(),
  }
}
