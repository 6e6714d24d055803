import { describe, expect, it } from 'vitest'
import { createNameLocks } from './name-locks.ts'

describe('name locks', () => {
  it('runs the writers of one name one after the other, those of two names side by side', async () => {
    const locks = createNameLocks()
    const order: string[] = []
    let open: () => void = () => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const first = locks.write('a', async () => {
      order.push('a1 in')
      await gate
      order.push('a1 out')
    })
    const second = locks.write('a', async () => {
      order.push('a2')
    })
    await locks.write('b', async () => {
      order.push('b')
    })
    expect(locks.state('a')).toBe('write')
    open()
    await Promise.all([first, second])
    expect(order).toEqual(['a1 in', 'b', 'a1 out', 'a2'])
    expect(locks.state('a')).toBe('unlocked')
  })

  it('goes on after a writer that failed', async () => {
    const locks = createNameLocks()
    const failed = locks.write('a', () => Promise.reject(new Error('no')))
    const after = locks.write('a', async () => 'done')
    await expect(failed).rejects.toThrow('no')
    expect(await after).toBe('done')
  })

  it('rejects with what a writer throws before it waits for anything, and lets the next one in', async () => {
    const locks = createNameLocks()
    const failed = locks.write('a', () => {
      throw new Error('at once')
    })
    await expect(failed).rejects.toThrow('at once')
    expect(locks.state('a')).toBe('unlocked')
    expect(await locks.write('a', async () => 'done')).toBe('done')
  })

  it('waits for writers that fail as for others', async () => {
    const locks = createNameLocks()
    const failed = locks.write('a', () => Promise.reject(new Error('no')))
    await locks.settled()
    await expect(failed).rejects.toThrow('no')
  })

  it('reports readers, and releases each once', () => {
    const locks = createNameLocks()
    const one = locks.read('a')
    const two = locks.read('a')
    one()
    one()
    expect(locks.state('a')).toBe('read')
    two()
    expect(locks.state('a')).toBe('unlocked')
  })
})
