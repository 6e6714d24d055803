import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { createManualClock } from '../../testing/manual-clock.ts'
import { bucketRef, mountpathOptions } from '../../testing/mountpath-bench.ts'
import { openMountpath } from '../open-mountpath.ts'

const child = fileURLToPath(new URL('../../testing/rename-child.ts', import.meta.url))

it('a rename, and a new object of the old name, both forgotten by the disk: neither is lost', async () => {
  const path = mkdtempSync(join(tmpdir(), 'aistore-lost-'))
  try {
    expect(spawnSync(process.execPath, [child, path]).signal).toBe('SIGKILL')
    const folder = join(path, '@ais', 'bench')
    expect(readdirSync(join(folder, '%ob')).sort()).toEqual(['a', 'b'])
    // What a file system that lost both renames would show: the new content in its work file, the old one under `a`.
    renameSync(join(folder, '%ob', 'a'), join(folder, workFileOf(path)))
    renameSync(join(folder, '%ob', 'b'), join(folder, '%ob', 'a'))

    const mountpath = await openMountpath(path, mountpathOptions(createManualClock()))
    const bucket = bucketRef('bench', 1n)
    const text = async (name: string) => {
      const open = await mountpath.open(bucket, name)
      let content = ''
      for await (const chunk of open.read()) content += new TextDecoder().decode(chunk)
      open.close()
      return content
    }
    expect([await text('a'), await text('b')]).toEqual(['second', 'first'])
    await mountpath.close()
    expect(readdirSync(join(folder, '%wk'))).toEqual([])
    expect(readFileSync(join(folder, '%ob', 'b'), 'utf8')).toBe('first')
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
})

/** The work path that the newest intent of `a` names. */
function workFileOf(path: string): string {
  const { sqlite } = mountpathOptions(createManualClock())
  const database = sqlite(join(path, '.ais', 'catalog.db'))
  try {
    const rows = database.prepare('SELECT * FROM intent ORDER BY seq DESC').all()
    const sources = rows
      .map((row) => String(row.source))
      .filter((source) => source.startsWith('%wk'))
    return sources[0] ?? ''
  } finally {
    database.close()
  }
}
