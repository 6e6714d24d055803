import { z } from 'zod'
import { isRebalancing } from '../../cluster/rmd.ts'
import type { Snode } from '../../cluster/snode.ts'
import { AisError } from '../../errors/ais-error.ts'
import { checkStatus } from '../../node/node-answer.ts'
import { isNull, parseVersionRow } from '../../object/version-name.ts'
import { parseJsonBytes } from '../../wire/json.ts'
import { hasNewerNull, type KnownRow, knownRows } from '../known-rows.ts'
import type { Place, TargetNode } from '../target.ts'
import { isVersioned, newestVersion, rowsOfId } from '../version-rows.ts'
import {
  askMs,
  askUnlessOver,
  ensureNewestRow,
  epochOf,
  mayHaveMoved,
  named,
  peersOf,
  pull,
} from './newest.ts'
import { takeTombstone } from './take-in.ts'

const rowsSchema = z.object({
  rows: z.array(z.object({ name: z.string(), generation: z.string(), deleted: z.boolean() })),
})

/** The newest that the targets know of a row; without `peer` it is here. */
interface Known extends KnownRow {
  readonly peer?: Snode
}

async function askRows(target: TargetNode, peer: Snode, place: Place): Promise<readonly Known[]> {
  const call = { method: 'POST', target: '/v1/objstream/rows', body: named(place) }
  const bytes = await checkStatus(await target.transport.call(peer, 'data', call, askMs))
  const result = rowsSchema.safeParse(parseJsonBytes(bytes))
  if (!result.success)
    throw new AisError('ErrInternal', `target ${peer.daemonId}: not a list of rows`)
  return result.data.rows.map((row) => ({ ...row, peer }))
}

/** All rows of a key that are anywhere, or were, newest version first. */
async function askAllRows(target: TargetNode, place: Place): Promise<readonly Known[]> {
  const newest = new Map<string, Known>()
  const told = await Promise.all(
    peersOf(target).map((peer) =>
      askRows(target, peer, place).catch((cause: unknown) => {
        throw mayHaveMoved(place, peer, cause)
      }),
    ),
  )
  for (const row of [...knownRows(target.mountpaths(), place), ...told.flat()]) {
    const known = newest.get(row.name)
    if (known === undefined || row.generation > known.generation) newest.set(row.name, row)
  }
  const rank = ({ name }: Known) => (name === place.name ? 1 : 0)
  return [...newest.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))
}

/** Brings the first of the rows here that was not deleted, and that `counts`; says what was deleted before it. */
async function bringFirst(
  target: TargetNode,
  place: Place,
  counts: (row: Known) => boolean,
): Promise<string> {
  for (;;) {
    const rows = await askAllRows(target, place)
    let brought = false
    for (const row of rows) {
      if (!counts(row) || hasNewerNull(row.name, rows)) continue
      const own = { ...place, name: row.name }
      if (row.deleted) {
        if (row.peer !== undefined) await takeTombstone(target, own, row.generation)
        continue
      }
      if (row.peer === undefined) return row.name
      await pull(target, row.peer, own)
      brought = true
      break
    }
    // What was brought is looked at again: it may be gone by now.
    if (!brought) return ''
  }
}

/**
 * As `ensureNewest`, of a key whose bucket keeps versions: the newest one is here then, whatever it is. It is again asked for when
 * that one goes.
 */
export function ensureNewestVersion(target: TargetNode, place: Place): Promise<void> | undefined {
  const rmd = target.metadata.rmd()
  if (!isRebalancing(rmd)) return undefined
  const here = newestVersion(target.mountpaths(), place)
  if (here && epochOf(here.order) >= rmd.smapVersion) return undefined
  const settled = (name: string) => `${place.uname}\0${name}`
  if (target.settled.has(rmd.version, settled(here?.name ?? ''))) return undefined
  return askUnlessOver(
    target,
    rmd.version,
    async () => {
      const name = await bringFirst(target, place, () => true)
      target.settled.add(rmd.version, settled(name))
    },
    () => ensureNewestVersion(target, place),
  )
}

/** Brings a version here, if it is anywhere, or learns that it was deleted. */
export async function ensureVersion(target: TargetNode, place: Place, id: string): Promise<void> {
  const rmd = target.metadata.rmd()
  if (!isRebalancing(rmd) || !isVersioned(place)) return
  if (id !== 'null') {
    for (const name of rowsOfId(place.name, id)) await ensureNewestRow(target, { ...place, name })
    return
  }
  await askUnlessOver(
    target,
    rmd.version,
    async () => {
      await bringFirst(target, place, ({ name }) => {
        const version = parseVersionRow(name)
        return version === undefined || isNull(version)
      })
    },
    () => ensureVersion(target, place, id),
  )
}
