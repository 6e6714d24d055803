import { describe, expect, it } from 'vitest'
import type { SystemInfo } from '../ports/platform.ts'
import { createPace, type DiskLimits } from './pace.ts'

const gib = 2 ** 30

/** A machine whose time passes only in work and rest, and the rests that a job was given. */
function laboratory() {
  const machine = { memory: 8 * gib, cpu: 10, disk: 10 }
  const limits: DiskLimits = { disk_util_high_wm: 80, disk_util_max_wm: 95 }
  const rests: number[] = []
  let now = 1_000
  const clock = {
    now: () => now,
    monotonic: () => now,
    async sleep(ms: number) {
      rests.push(ms)
      now += ms
    },
  }
  const systemInfo = () =>
    ({
      memAvailableBytes: machine.memory,
      memTotalBytes: 16 * gib,
      systemCpuPercent: machine.cpu,
      disks: new Map([
        ['sda', { utilPercent: 1 }],
        ['sdb', { utilPercent: machine.disk }],
      ]),
    }) as unknown as SystemInfo
  const platform = { clock, systemInfo } as unknown as Parameters<typeof createPace>[0]
  const pace = createPace(platform, () => limits)
  return {
    machine,
    limits,
    async work(ms: number) {
      now += ms
      await pace.next(new AbortController().signal)
      return rests.splice(0)
    },
  }
}

describe('the pace of a job', () => {
  const cases: [string, Partial<{ memory: number; cpu: number; disk: number }>, number[]][] = [
    ['an idle machine', {}, [0]],
    ['a busy processor', { cpu: 91 }, [4]],
    ['a busy disk', { disk: 81 }, [4]],
    ['a disk without time left', { disk: 96 }, [100]],
    ['little memory left', { memory: 0.5 * gib }, [100]],
    ['all of it', { memory: 0.5 * gib, cpu: 100, disk: 100 }, [100]],
  ]
  it.each(cases)('on %s', async (_name, load, expected) => {
    const { machine, work } = laboratory()
    Object.assign(machine, load)
    expect(await work(7)).toEqual([])
    expect(await work(1)).toEqual(expected)
  })

  it('follows the machine, and the limits that are set meanwhile', async () => {
    const { machine, limits, work } = laboratory()
    machine.disk = 90
    expect(await work(8)).toEqual([4])
    machine.disk = 50
    expect(await work(8)).toEqual([4])
    expect(await work(1_000)).toEqual([0])
    Object.assign(limits, { disk_util_high_wm: 40 })
    expect(await work(1_000)).toEqual([4])
  })
})
