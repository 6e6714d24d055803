import { spawn } from 'node:child_process'

/** coreutils' and busybox's way to syncfs(2), which no runtime offers. */
const syncCommand = 'sync'

/** A file system that has nothing to sync, and so never fails to. */
const harmlessPath = '/proc'

/**
 * syncfs(2) of the file system that `path` lies on, in a process of its own, so that the event loop goes on.
 * @throws `ENOSYS` when the command could not be started, or does not know how; `EIO` when the sync failed
 */
export async function syncFileSystem(path: string, command = syncCommand): Promise<void> {
  const complaint = await run(command, path)
  if (complaint === undefined) return
  // An old command refuses every path.
  if ((await run(command, harmlessPath)) !== undefined) throw posixError('ENOSYS', complaint)
  throw posixError('EIO', complaint)
}

/** What the command complained of; `undefined` when it went well. */
function run(command: string, path: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => {
      reject(posixError('ENOSYS', `${command} could not be started: ${String(error)}`))
    }
    try {
      const running = spawn(command, ['-f', path], { stdio: ['ignore', 'ignore', 'pipe'] })
      let complaint = ''
      running.stderr.on('data', (chunk) => {
        complaint += chunk
      })
      running.on('error', refuse)
      running.on('close', (code) => resolve(code === 0 ? undefined : `${code}: ${complaint}`))
    } catch (error) {
      refuse(error)
    }
  })
}

function posixError(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code })
}
