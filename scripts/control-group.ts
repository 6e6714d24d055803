import { existsSync } from 'node:fs'
import { mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What a control group may use. */
export interface GroupLimits {
  readonly cpus: number
  readonly memoryBytes: number
}

/** A control group of the kernel. */
export interface ControlGroup {
  /** Puts a process into it, and all that it starts from then on. */
  add(pid: number): Promise<void>
  /** Once nobody is in it. */
  remove(): Promise<void>
}

const root = '/sys/fs/cgroup'
/** CPU time is handed out in periods of so many microseconds. */
const periodUs = 100_000

/**
 * Makes a control group, of version 2 where the kernel has it, else of version 1.
 * @throws Error without the right to: only root, mostly
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 */
export async function createControlGroup(name: string, limits: GroupLimits): Promise<ControlGroup> {
  const { cpus, memoryBytes } = limits
  const quota = Math.round(cpus * periodUs)
  const folders: string[] = []
  const make = async (parent: string, values: Readonly<Record<string, string>>) => {
    const folder = join(parent, name)
    await mkdir(folder, { recursive: true })
    folders.push(folder)
    for (const [file, value] of Object.entries(values)) await writeFile(join(folder, file), value)
  }
  if (existsSync(join(root, 'cgroup.controllers'))) {
    await writeFile(join(root, 'cgroup.subtree_control'), '+cpu +memory')
    await make(root, {
      'cpu.max': `${quota} ${periodUs}`,
      'memory.max': String(memoryBytes),
      'memory.swap.max': '0',
    })
  } else {
    await make(join(root, 'cpu'), {
      'cpu.cfs_period_us': String(periodUs),
      'cpu.cfs_quota_us': String(quota),
    })
    await make(join(root, 'memory'), { 'memory.limit_in_bytes': String(memoryBytes) })
  }
  return {
    async add(pid) {
      for (const folder of folders) await writeFile(join(folder, 'cgroup.procs'), String(pid))
    },
    async remove() {
      for (const folder of folders) await rmdir(folder).catch(() => undefined)
    },
  }
}
