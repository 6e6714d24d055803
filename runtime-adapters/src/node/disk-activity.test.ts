import { expect, it } from 'vitest'
import { createDiskActivity } from './disk-activity.ts'

const line = (
  reads: number,
  readSectors: number,
  writes: number,
  writeSectors: number,
  busy: number,
) => ` 254 0 vda ${reads} 5 ${readSectors} 7 ${writes} 9 ${writeSectors} 11 0 ${busy} 13 0 0 0 0\n`

it('tells what a disk did a second since the previous reading', () => {
  let text = line(100, 1000, 10, 80, 50)
  let nowMs = 0
  const disks = createDiskActivity(
    () => text,
    () => nowMs,
  )
  text = line(120, 1400, 14, 880, 550)
  nowMs = 2_000
  const vda = {
    readsPerSecond: 10,
    readBytesPerSecond: 200 * 512,
    writesPerSecond: 2,
    writeBytesPerSecond: 400 * 512,
    utilPercent: 25,
  }
  expect(disks()).toEqual(new Map([['vda', vda]]))
  // Within a second the answer stands, then a new window begins where the last one ended.
  text = line(130, 1400, 14, 880, 550)
  nowMs = 2_900
  expect(disks()?.get('vda')).toEqual(vda)
  nowMs = 4_000
  expect(disks()?.get('vda')).toMatchObject({ readsPerSecond: 5, utilPercent: 0 })
})

it('shows no negative activity when counters begin anew, and nothing where the system does not tell', () => {
  let text = line(100, 1000, 10, 80, 50)
  let nowMs = 0
  const disks = createDiskActivity(
    () => text,
    () => nowMs,
  )
  text = line(1, 2, 3, 4, 5)
  nowMs = 1_000
  expect(disks()?.get('vda')).toMatchObject({ readsPerSecond: 0, writeBytesPerSecond: 0 })
  expect(createDiskActivity(() => undefined)()).toBeUndefined()
})
