import { spawn } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runtimeCommand } from '../src/runtimes.ts'
import { descriptorNames, type Facts } from './echo-handler.ts'
import { exchangeRaw } from './raw-exchange.ts'

/** An echo server in a process of its own. */
export interface EchoProcess {
  readonly port: number
  facts(): Promise<Facts & { readonly rssBytes: number }>
  /** How many of its descriptors lead to `path`. */
  descriptorsTo(path: string): number
  stop(): Promise<void>
}

export interface EchoOptions {
  readonly runtime: 'node' | 'bun' | 'deno'
  /** Folders the server may read. */
  readonly read: readonly string[]
  readonly stallMs?: number
  readonly minRateBytes?: number
}

const entry = fileURLToPath(new URL('./echo-server.ts', import.meta.url))

/** Starts the echo server; resolves when it listens. */
export async function startEcho(options: EchoOptions): Promise<EchoProcess> {
  const { command, args } = runtimeCommand(options.runtime, entry, { read: options.read })
  const limits = [String(options.stallMs ?? 16_000), String(options.minRateBytes ?? 1_024)]
  const child = spawn(command, [...args, ...limits], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    let printed = ''
    child.stdout.on('data', (chunk) => {
      printed += String(chunk)
      if (printed.endsWith('\n')) resolve(Number(printed))
    })
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}`)))
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} has no process`)
  return {
    port,
    facts: async () => {
      const { body } = await exchangeRaw(port, 'GET /facts HTTP/1.1\r\nHost: x\r\n\r\n')
      return JSON.parse(body)
    },
    descriptorsTo: (path) =>
      descriptorNames(pid).filter((name) => {
        try {
          return readlinkSync(`/proc/${pid}/fd/${name}`).startsWith(path)
        } catch {
          return false
        }
      }).length,
    stop: async () => {
      child.stdin.end()
      await exited
    },
  }
}
