import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from './run-program.ts'

const cache = fileURLToPath(new URL('../../node_modules/.cache/aistore-ts/', import.meta.url))

/** Most time an installation may take, ms. */
const installMs = 1_500_000

/**
 * The folder of programs of a virtual environment that has these packages and nothing else; made when it is not there yet.
 * @param packages names with versions, as pip takes them
 * @throws Error when Python is not there, or a package
 */
export async function pythonEnvironment(
  name: string,
  packages: readonly string[],
): Promise<string> {
  const folder = join(cache, `python-${name}`)
  const marker = join(folder, 'packages.txt')
  const wanted = packages.join('\n')
  const programs = join(folder, 'bin')
  const present = existsSync(marker) ? await readFile(marker, 'utf8') : undefined
  if (present === wanted) return programs
  await mkdir(cache, { recursive: true })
  for (const [program, args] of [
    ['python3', ['-m', 'venv', '--clear', folder]],
    [join(programs, 'pip'), ['install', '--quiet', ...packages]],
  ] as const) {
    const { code, err } = await run(program, args, { timeoutMs: installMs })
    if (code !== 0) throw new Error(`${program} ${args.join(' ')}: ${err.trim().slice(-400)}`)
  }
  await writeFile(marker, wanted)
  return programs
}
