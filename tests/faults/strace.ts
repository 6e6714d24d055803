import { spawn } from 'node:child_process'
import { shell } from './shell.ts'

/** Why system calls cannot be counted and cut off here; `undefined` when they can. */
export async function whyNoStrace(): Promise<string | undefined> {
  try {
    await shell('strace', '-V')
    return undefined
  } catch {
    return 'the program strace is missing (Debian: strace)'
  }
}

/** A running tracer. */
export interface Tracer {
  /** Lets the process go on alone. Resolves with what was written about it. */
  detach(): Promise<string>
}

/** Attaches to every thread of a process. @param options of strace, which says what to do with which call */
async function attach(pid: number, ...options: readonly string[]): Promise<Tracer> {
  const tracer = spawn('strace', ['-f', '-p', String(pid), ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  const gone = new Promise<void>((resolve) => tracer.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    tracer.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes(' attached')) resolve()
    })
    tracer.once('exit', () => reject(new Error(`strace did not attach: ${text.slice(-300)}`)))
  })
  return {
    async detach() {
      tracer.kill('SIGINT')
      await gone
      return text
    },
  }
}

/** System calls that write to disks and sockets. */
const watched = ['openat', 'write', 'writev', 'fsync', 'rename', 'close'] as const

/** Writes down the calls of the process. */
export function watchCalls(pid: number): Promise<Tracer> {
  return attach(pid, '-e', `trace=${watched.join()}`)
}

/** How often the busiest thread made each call, from what `watchCalls` wrote. */
export function countCalls(text: string): ReadonlyMap<string, number> {
  const byThread = new Map<string, number>()
  for (const [, thread, call] of text.matchAll(/^\[pid +(\d+)\] ([a-z]+)\(/gm)) {
    const key = `${thread} ${call}`
    byThread.set(key, (byThread.get(key) ?? 0) + 1)
  }
  const most = new Map<string, number>()
  for (const [key, count] of byThread) {
    const call = key.slice(key.indexOf(' ') + 1)
    most.set(call, Math.max(most.get(call) ?? 0, count))
  }
  return most
}

/** kill -9 at the `nth` such call of any thread, before it is done. */
export function killAt(pid: number, call: string, nth: number): Promise<Tracer> {
  return attach(pid, '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${nth}`)
}
