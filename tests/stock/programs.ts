import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run-program.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/aistore-ts/', import.meta.url))

/** Most time that getting one may take, ms: the Go client is compiled. */
const getMs = 1_800_000

async function must(program: string, args: readonly string[], folder: string): Promise<void> {
  const { code, err } = await run(program, args, { folder, timeoutMs: getMs })
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${err.trim().slice(-300)}`)
}

/** The program of a Debian package, unpacked and not installed. @throws Error when the package cannot be had */
export async function debianProgram(name: string, version: string): Promise<string> {
  const folder = join(cache, `debian-${name}-${version}`)
  const program = join(folder, 'usr/bin', name)
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  await must('apt-get', ['download', `${name}=${version}`], folder)
  await must('sh', ['-c', 'for package in *.deb; do dpkg -x "$package" .; done'], folder)
  return program
}

/** The program of a Go module, compiled. @throws Error without a Go toolchain, or when the module cannot be had */
export async function goProgram(name: string, module: string): Promise<string> {
  const folder = join(cache, `go-${name}-${module.slice(module.indexOf('@') + 1)}`)
  const program = join(folder, name)
  if (existsSync(program)) return program
  await mkdir(folder, { recursive: true })
  await must('env', [`GOBIN=${folder}`, 'go', 'install', module], folder)
  return program
}
