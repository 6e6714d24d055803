import { describe, expect, it } from 'vitest'
import { createBatchAdmission } from './batch-admission.ts'

const gib = 1024 ** 3

function admissionWith(memAvailableBytes: () => number) {
  return createBatchAdmission({
    systemInfo: () => ({
      memTotalBytes: 10 * gib,
      memFreeBytes: 0,
      memAvailableBytes: memAvailableBytes(),
      processRssBytes: 0,
      cpuCount: 2,
      processCpuPercent: 0,
      systemCpuPercent: 0,
      loadAverage: [0, 0, 0],
      pid: 1,
      hostname: 'h',
    }),
  })
}

describe('batch admission', () => {
  it('takes 256 batches, and another one as soon as one of them is over', () => {
    const admission = admissionWith(() => 5 * gib)
    const ends = Array.from({ length: 256 }, () => admission.admit())
    expect(() => admission.admit()).toThrow(expect.objectContaining({ status: 429 }))
    ends[0]?.()
    ends[0]?.()
    admission.admit()
    expect(() => admission.admit()).toThrow(/256 batches/)
  })

  it('takes none while memory is short', () => {
    let available = gib / 10
    const admission = admissionWith(() => available)
    expect(() => admission.admit()).toThrow(expect.objectContaining({ status: 429 }))
    available = gib
    expect(() => admission.admit()).not.toThrow()
  })
})
