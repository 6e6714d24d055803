import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { Log } from '@aistore-ts/core/ports/log.ts'
import { parseJson, stringifyJson } from '@aistore-ts/core/wire/json.ts'
import { describeIssue } from '@aistore-ts/core/wire/strict.ts'
import { z } from 'zod'
import { openDocumentStore } from './document-store.ts'

/** Whom a mountpath belongs to, as it says itself in `.ais/owner`. */
export interface DiskOwner {
  readonly daemonId: string
  /** Cluster ID; empty when the target was in none yet. */
  readonly cluster: string
}

const documentName = 'owner'
const ownerSchema = z.object({ daemon_id: z.string(), cluster: z.string() })

const folderOf = (path: string) => join(path, '.ais')

/** What the disks at `paths` say; one that says nothing is left out. @throws AisError `ErrInternal` unreadable */
export async function readOwners(
  paths: Iterable<string>,
  log: Log,
): Promise<ReadonlyMap<string, DiskOwner>> {
  const owners = new Map<string, DiskOwner>()
  for (const path of paths) {
    if (!existsSync(folderOf(path))) continue
    const text = await (await openDocumentStore(folderOf(path), log)).load(documentName)
    if (text === undefined) continue
    const result = ownerSchema.safeParse(parseJson(text))
    if (!result.success) {
      const why = describeIssue(result.error)
      throw new AisError('ErrInternal', `${folderOf(path)}/${documentName}: ${why}`)
    }
    owners.set(path, { daemonId: result.data.daemon_id, cluster: result.data.cluster })
  }
  return owners
}

/** Tells the disks at `paths` whose they are. */
export async function writeOwner(
  paths: Iterable<string>,
  owner: DiskOwner,
  log: Log,
): Promise<void> {
  const text = stringifyJson({ daemon_id: owner.daemonId, cluster: owner.cluster })
  for (const path of paths) {
    const store = await openDocumentStore(folderOf(path), log)
    if ((await store.load(documentName)) !== text) await store.save(documentName, text)
  }
}

/** The disk belongs to nobody; with `userData`, nothing of ours is left on it. Nobody may have it open. */
export async function disown(path: string, userData: boolean, log: Log): Promise<void> {
  if (!existsSync(folderOf(path))) return
  await (await openDocumentStore(folderOf(path), log)).remove(documentName)
  if (!userData) return
  for (const name of await readdir(path)) {
    if (name === '.ais' || name.startsWith('@')) {
      await rm(join(path, name), { recursive: true, force: true })
    }
  }
}
