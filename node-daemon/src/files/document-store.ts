import { createHash } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Format of the documents' files; raised when an older program could not keep all that they say. */
const documentFormat = 1

/** First line: format and checksum; the rest: the document. */
function seal(text: string): string {
  return `ais-document ${documentFormat} sha256:${digest(text)}\n${text}`
}

/**
 * The document inside, or `undefined` when a byte of it is not as it was written.
 * @throws AisError `ErrUnsupp` one of a newer program: an older version in its place would undo what that one knew
 */
function unseal(sealed: string, name: string): string | undefined {
  const [, format, sum, text] =
    /^ais-document ([0-9]{1,9}) sha256:([0-9a-f]{64})\n(.*)$/s.exec(sealed) ?? []
  if (text === undefined || sum !== digest(text)) return undefined
  if (Number(format) <= documentFormat) return text
  throw new AisError(
    'ErrUnsupp',
    `document ${name}: format ${format} is newer than this program, which knows ${documentFormat}`,
  )
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Documents as files in `folder`: written beside, synced, renamed; the version before is kept as `<name>.prev` and
 * takes over, with a warning, when the newest does not match its checksum.
 */
export async function openDocumentStore(folder: string, log: Log): Promise<DocumentStore> {
  await mkdir(folder, { recursive: true })
  const queues = new Map<string, Promise<void>>()

  async function write(name: string, text: string): Promise<void> {
    const path = join(folder, name)
    const draft = `${path}.new`
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(seal(text))
      await handle.sync()
    } finally {
      await handle.close()
    }
    const current = await readIfThere(path)
    // A damaged copy must not push out the good one before it.
    if (current !== undefined && unseal(current, name) !== undefined)
      await rename(path, `${path}.prev`)
    await rename(draft, path)
    await syncFolder(folder)
  }

  async function removeAll(name: string): Promise<void> {
    for (const each of [name, `${name}.prev`, `${name}.new`]) {
      await rm(join(folder, each), { force: true })
    }
    await syncFolder(folder)
  }

  return {
    async load(name) {
      for (const candidate of [name, `${name}.prev`]) {
        const sealed = await readIfThere(join(folder, candidate))
        if (sealed === undefined) continue
        const text = unseal(sealed, candidate)
        if (text !== undefined) {
          if (candidate !== name) log.warn('document restored from its previous version', { name })
          return text
        }
        log.error('document is damaged', { file: candidate })
      }
      return undefined
    },
    save(name, text) {
      const before = queues.get(name) ?? Promise.resolve()
      const done = before.catch(() => undefined).then(() => write(name, text))
      queues.set(name, done)
      return done
    },
    remove(name) {
      const before = queues.get(name) ?? Promise.resolve()
      const done = before.catch(() => undefined).then(() => removeAll(name))
      queues.set(name, done)
      return done
    },
  }
}

/** Removes every document of a node, whoever wrote it: those whose names begin with `.ais.`. */
export async function clearDocuments(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith('.ais.')) await rm(join(folder, name), { recursive: true, force: true })
  }
  await syncFolder(folder)
}
