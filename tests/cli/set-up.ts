import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Server,
  type StartServerOptions,
  startServer,
} from '@aistore-ts/node-daemon/server/start-server.ts'
import { expect } from 'vitest'

const program = fileURLToPath(new URL('../../cli/bin/ais.mjs', import.meta.url))

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
  readonly bytes: Buffer
}

/** A cluster of its own, and a folder to work in. */
export async function setUp(shape: StartServerOptions = { targets: 2 }) {
  const server: Server = await startServer({ ...shape, mountpaths: 2 })
  const dir = await mkdtemp(join(tmpdir(), 'aistore-cli-'))

  function run(args: readonly string[], input = '', env: Record<string, string> = {}) {
    return new Promise<Outcome>((resolve, reject) => {
      const child = spawn(process.execPath, [program, ...args], {
        cwd: dir,
        env: {
          ...process.env,
          AIS_ENDPOINT: server.endpoint,
          AIS_CLI_CONFIG_DIR: join(dir, 'config'),
          NO_COLOR: '1',
          ...env,
        },
      })
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      child.on('error', reject)
      child.on('close', (code) => {
        const bytes = Buffer.concat(out)
        resolve({ code, out: bytes.toString(), err: Buffer.concat(err).toString(), bytes })
      })
    })
  }

  /** One command that must succeed. Its words are divided at blanks. */
  async function ais(line: string, input?: string): Promise<string> {
    const { code, out, err } = await run(line.split(' '), input)
    expect({ line, code, err: err.split('\n').filter((each) => each.startsWith('Error')) }).toEqual(
      {
        line,
        code: 0,
        err: [],
      },
    )
    return out
  }

  /** One command that must fail with exit code 1; what it says on standard error. */
  async function fails(line: string, input?: string): Promise<string> {
    const { code, err } = await run(line.split(' '), input)
    expect({ line, code }).toEqual({ line, code: 1 })
    return err
  }

  /** Cells of a table, line by line. */
  const cells = (table: string) =>
    table
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/\t+ ?/).filter((cell) => cell !== ''))

  async function makeTree(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      const full = join(dir, name, path)
      await mkdir(dirname(full), { recursive: true })
      await writeFile(full, text)
    }
    return join(dir, name)
  }

  async function tearDown(): Promise<void> {
    await server.stop()
    await rm(dir, { recursive: true, force: true })
  }

  return { server, dir, run, ais, fails, cells, makeTree, tearDown }
}
