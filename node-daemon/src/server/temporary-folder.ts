import { existsSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memoryFolder = '/dev/shm'

/** A new folder for the data of a cluster that is thrown away: in memory (tmpfs) where there is one. */
export async function temporaryFolder(): Promise<string> {
  const parent = existsSync(memoryFolder) ? memoryFolder : tmpdir()
  return mkdtemp(join(parent, 'aistore-'))
}
