import { execFileSync } from 'node:child_process'
import { cpus, release, totalmem } from 'node:os'
import { findRuntime } from '@aistore-ts/runtime-adapters/runtimes.ts'
import { findProgram } from './command.ts'

/** Where a result was measured, and with what. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGib: number
  readonly kernel: string
  readonly versions: Readonly<Record<string, string>>
  readonly commit: string
}

/** First match of `pattern` in what a program says of itself; some say it on standard error and fail. */
function versionOf(command: string, args: readonly string[], pattern: RegExp): string {
  const line = [command, ...args].join(' ')
  const out = execFileSync('sh', ['-c', `${line} 2>&1 || true`], { encoding: 'utf8' })
  return pattern.exec(out)?.[1] ?? 'unknown'
}

function runtimeVersion(name: 'node' | 'bun'): string {
  const runtime = findRuntime(name)
  return runtime.found ? versionOf(runtime.path, ['--version'], /([\d.]+)/) : 'missing'
}

/** Reads the machine. A commit with changes on top has a `+`. */
export function describeMachine(): Machine {
  const changed = execFileSync('git', ['status', '--porcelain', '--', '*.ts'], { encoding: 'utf8' })
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' })
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    versions: {
      node: runtimeVersion('node'),
      bun: runtimeVersion('bun'),
      nginx: versionOf(findProgram('nginx') ?? 'nginx', ['-v'], /nginx\/([\d.]+)/),
      wrk: versionOf('wrk', ['-v'], /wrk \S*?([\d.]+)/),
    },
    commit: `${commit.trim()}${changed.trim() === '' ? '' : '+'}`,
  }
}
