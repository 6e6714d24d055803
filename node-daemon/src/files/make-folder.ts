import { mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/**
 * Makes a folder and those above it. Node's own recursive `mkdir` never ends where a file system says "no such file"
 * below a folder that is there, as `/proc` does.
 * @throws Error of `mkdir`
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return
    const parent = dirname(path)
    const parentIsThere = await stat(parent).then(
      () => true,
      () => false,
    )
    if (codeOf(error) !== 'ENOENT' || parentIsThere || parent === path) throw error
    await makeFolder(parent)
    await mkdir(path)
  }
}
