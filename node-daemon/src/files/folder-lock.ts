import { mkdirSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:net'

/** Held until `release`, or until the process is gone, however it goes. */
export interface FolderLock {
  release(): Promise<void>
}

/**
 * Takes a folder for this process alone. The lock is a name in Linux's abstract socket space made of the folder's
 * device and inode, so a moved folder keeps it and a killed process drops it.
 * @returns `undefined` when another process has it
 */
export async function lockFolder(folder: string): Promise<FolderLock | undefined> {
  mkdirSync(folder, { recursive: true })
  const { dev, ino } = statSync(folder)
  const server = createServer((socket) => socket.destroy())
  const taken = await listen(server, `\0aistore-ts/${dev}/${ino}`)
  if (!taken) return undefined
  server.unref()
  return {
    release: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    })
    server.listen({ path }, () => resolve(true))
  })
}
