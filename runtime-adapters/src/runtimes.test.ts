import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { findRuntime, runtimeCommand, runtimeNames } from './runtimes.ts'

describe('runtimes', () => {
  it('says which package is missing', () => {
    const found = findRuntime('bun', 'linux', process.arch === 'x64' ? 'arm64' : 'x64')
    if (found.found) return
    expect(found.reason).toMatch(/@oven\/bun-linux-\S+ is not installed/)
  })

  it('says where nothing is to be had', () => {
    for (const name of runtimeNames) {
      expect(findRuntime(name, 'darwin', 'arm64')).toMatchObject({
        found: false,
        reason: expect.stringContaining('darwin arm64'),
      })
    }
  })

  it.each(runtimeNames)('finds a %s that runs, where it is installed', (name) => {
    const found = findRuntime(name)
    if (!found.found) {
      expect(found.reason).toContain(name)
      return
    }
    const { status, stdout } = spawnSync(found.path, ['--version'], { encoding: 'utf8' })
    expect(status).toBe(0)
    expect(stdout).toMatch(/\d+\.\d+|\d{4}-\d{2}-\d{2}/)
  })

  it('gives Deno the least: no subprocesses, no FFI, no writes unless asked', () => {
    if (!findRuntime('deno').found) return
    const plain = runtimeCommand('deno', 'main.ts').args
    expect(plain.some((flag) => /allow-(all|run|ffi|write)|^-A$/.test(flag))).toBe(false)
    const data = runtimeCommand('deno', 'main.ts', { read: ['/data'], write: ['/data'] }).args
    expect(data).toContain('--allow-write=/data')
    expect(data.find((flag) => flag.startsWith('--allow-read='))).toMatch(/,\/data$/)
  })
})
