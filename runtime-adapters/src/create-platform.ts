import type { Platform } from '@aistore-ts/core/ports/platform.ts'

/** The daemons' runtimes. */
export type DaemonRuntime = 'node' | 'bun' | 'deno'

/** Which of the daemons' runtimes runs this. Bun and Deno say so themselves; the rest is Node. */
export function detectRuntime(): DaemonRuntime {
  if (process.versions.bun !== undefined) return 'bun'
  if (process.versions.deno !== undefined) return 'deno'
  return 'node'
}

/** The platform of the runtime that runs this; the others' modules are never loaded. */
export async function createPlatform(): Promise<Platform> {
  switch (detectRuntime()) {
    case 'bun':
      return (await import('./bun/platform.ts')).createBunPlatform()
    case 'deno':
      return (await import('./deno/platform.ts')).createDenoPlatform()
    case 'node':
      return (await import('./node/platform.ts')).createNodePlatform()
  }
}
