import { z } from 'zod'
import { AisError } from '../../errors/ais-error.ts'
import type { DocumentStore } from '../../ports/document-store.ts'
import type { Log } from '../../ports/log.ts'
import type { Mountpath } from '../../ports/mountpath.ts'
import { parseJson, stringifyJson } from '../../wire/json.ts'
import { describeIssue } from '../../wire/strict.ts'

/**
 * `available`: in use. `disabled`: known, closed. `disabling`, `detaching`: open, gets nothing new, and waits for its
 * objects to be on other disks. @see AIStore fs/fs.go FlagWaitingDD
 */
export type MountpathState = 'available' | 'disabled' | 'disabling' | 'detaching'

interface Entry {
  readonly path: string
  readonly label: string
  readonly state: MountpathState
  /** Open, unless disabled. */
  readonly mountpath: Mountpath | undefined
}

/** Paths by state, each sorted. */
export interface MountpathList {
  readonly available: readonly string[]
  readonly waitingDD: readonly string[]
  readonly disabled: readonly string[]
}

/** The disks of a target while it runs. Kept across restarts. */
export interface MountpathTable {
  /** Every open disk: where objects may be. */
  open(): readonly Mountpath[]
  /** Those that objects belong on. */
  available(): readonly Mountpath[]
  list(): MountpathList
  /** Takes a disk into use. @throws AisError `ErrBadRequest` known already, nested, not to be opened */
  attach(path: string, label: string): Promise<void>
  /** Takes a disabled disk into use again. `false`: it was in use. @throws AisError `ErrMpathNotFound` */
  enable(path: string): Promise<boolean>
  /**
   * Takes a disk out of use: at once, its objects with it, when `now` or when it is the last one; else when `settle` is
   * called. `false`: it was out of use.
   * @throws AisError `ErrMpathNotFound`; `ErrBusy` the last one while others wait for their objects to be on it
   */
  leave(path: string, state: 'disabling' | 'detaching', now: boolean): Promise<boolean>
  /** Whether this disk is in use and no other is: without it there is no place for an object. @throws as `leave` */
  isLast(path: string): boolean
  /** The open disk at `path`. @throws AisError `ErrMpathNotFound`; `ErrBadRequest` it is disabled */
  find(path: string): Mountpath
  /** Closes the disks that were waiting: nothing is on them any more. */
  settle(): Promise<void>
  close(): Promise<void>
}

export interface MountpathTableParts {
  readonly store: DocumentStore
  readonly log: Log
  /** Mountpath to label, for a target that has no table yet. */
  readonly configured: ReadonlyMap<string, string>
  openMountpath(path: string, label: string): Promise<Mountpath>
  /** A disk was opened and is to come into use, which it does by `use`: from then on objects are looked for on it. */
  onOpen(mountpath: Mountpath, use: () => Promise<void>): Promise<void>
}

const documentName = '.ais.mountpaths'

const documentSchema = z.object({
  /** The configured paths when this was written, in their order. */
  configured: z.array(z.string()),
  mountpaths: z.array(
    z.object({
      path: z.string(),
      label: z.string(),
      state: z.enum(['available', 'disabled', 'disabling', 'detaching']),
    }),
  ),
})

/**
 * The table as it was left. The configured disks may have moved meanwhile, all with the target's folder: the n-th is
 * still the n-th. Those that the configuration did not have then come in.
 */
async function known(parts: MountpathTableParts): Promise<Omit<Entry, 'mountpath'>[]> {
  const text = await parts.store.load(documentName)
  const fresh = [...parts.configured].map(([path, label]): Omit<Entry, 'mountpath'> => {
    return { path, label, state: 'available' }
  })
  if (text === undefined) return fresh
  const result = documentSchema.safeParse(parseJson(text))
  if (!result.success) {
    throw new AisError('ErrInternal', `${documentName}: ${describeIssue(result.error)}`)
  }
  const { configured, mountpaths } = result.data
  const moved = new Map(configured.map((path, at) => [path, fresh[at]?.path ?? path]))
  const kept = mountpaths.map((entry) => ({ ...entry, path: moved.get(entry.path) ?? entry.path }))
  return [...kept, ...fresh.slice(configured.length)]
}

const notFound = (path: string) =>
  new AisError('ErrMpathNotFound', `mountpath "${path}" does not exist`)

/** Whether one folder is the other or lies in it. */
function overlaps(a: string, b: string): boolean {
  return `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)
}

/**
 * The shortest way to write an absolute path: two of one folder must not count as two disks.
 * @throws AisError `ErrBadRequest` relative, or the root
 */
export function cleanMountpath(path: string): string {
  if (!path.startsWith('/')) {
    throw new AisError('ErrBadRequest', `invalid mountpath [${path}]; must be an absolute path`)
  }
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  if (segments.length === 0) {
    throw new AisError('ErrBadRequest', `invalid mountpath [${path}]; root is not allowed`)
  }
  return `/${segments.join('/')}`
}

/** Opens every disk that is not disabled, or none. @throws AisError as `openMountpath` */
export async function openMountpathTable(parts: MountpathTableParts): Promise<MountpathTable> {
  const { store, log } = parts
  let entries: readonly Entry[] = []
  /** Asked by every call: made anew only with `entries`. */
  let opened: readonly Mountpath[] = []
  let available: readonly Mountpath[] = []
  let queue: Promise<unknown> = Promise.resolve()

  function put(next: readonly Entry[]): void {
    const disks = (of: readonly Entry[]) =>
      of.flatMap(({ mountpath }) => (mountpath ? [mountpath] : []))
    entries = next
    opened = disks(next)
    available = disks(next.filter(({ state }) => state === 'available'))
  }

  try {
    for (const entry of await known(parts)) {
      const closed = entry.state === 'disabled'
      const mountpath = closed ? undefined : await parts.openMountpath(entry.path, entry.label)
      put([...entries, { ...entry, mountpath }])
    }
  } catch (error) {
    await Promise.all(opened.map((mountpath) => mountpath.close()))
    throw error
  }

  function serially<T>(task: () => Promise<T>): Promise<T> {
    const done = queue.then(task)
    queue = done.catch(() => undefined)
    return done
  }

  /** Durable before it is in force. */
  async function become(next: readonly Entry[]): Promise<void> {
    const kept = next.map(({ path, label, state }) => ({ path, label, state }))
    const configured = [...parts.configured.keys()]
    await store.save(documentName, stringifyJson({ configured, mountpaths: kept }))
    put(next)
    log.info('mountpaths', { ...Object.fromEntries(kept.map(({ path, state }) => [path, state])) })
  }

  const without = (path: string) => entries.filter((entry) => entry.path !== path)
  const get = (path: string) => entries.find((entry) => entry.path === path)
  const inState = (state: MountpathState) => entries.filter((entry) => entry.state === state)

  /** Opens the disk, then puts it into the table; closes it again when that cannot be kept. */
  async function takeIn(path: string, label: string): Promise<void> {
    const mountpath = await parts.openMountpath(path, label)
    try {
      await parts.onOpen(mountpath, () =>
        become([...without(path), { path, label, state: 'available', mountpath }]),
      )
    } catch (error) {
      if (!opened.includes(mountpath)) await mountpath.close()
      throw error
    }
  }

  function isLast(entry: Entry): boolean {
    if (entry.state !== 'available' || available.length > 1) return false
    if (opened.length === 1) return true
    throw new AisError(
      'ErrBusy',
      `mountpath "${entry.path}" is the last one available, and others wait for their objects to be on it`,
    )
  }

  /** Puts a leaving disk back to work. */
  async function stay(entry: Entry): Promise<void> {
    await become([...without(entry.path), { ...entry, state: 'available' }])
  }

  return {
    open: () => opened,
    available: () => available,
    list() {
      const paths = (...states: MountpathState[]) =>
        entries
          .filter(({ state }) => states.includes(state))
          .map(({ path }) => path)
          .sort()
      return {
        available: paths('available'),
        waitingDD: paths('disabling', 'detaching'),
        disabled: paths('disabled'),
      }
    },
    attach: (given, label) =>
      serially(async () => {
        const path = cleanMountpath(given)
        const entry = get(path)
        if (entry?.state === 'disabled') {
          throw new AisError(
            'ErrBadRequest',
            `mountpath "${path}" exists and is currently disabled (hint: did you want to enable it?)`,
          )
        }
        if (entry?.state === 'available') {
          throw new AisError('ErrBadRequest', `mountpath "${path}" already exists`)
        }
        if (entry) return stay(entry)
        const nested = entries.find((other) => overlaps(other.path, path))
        if (nested) {
          throw new AisError(
            'ErrBadRequest',
            `invalid mountpath [${path}]; nested with mountpath [${nested.path}]`,
          )
        }
        await takeIn(path, label)
      }),
    enable: (given) =>
      serially(async () => {
        const path = cleanMountpath(given)
        const entry = get(path)
        if (entry === undefined) throw notFound(path)
        if (entry.state === 'available') return false
        if (entry.mountpath) await stay(entry)
        else await takeIn(path, entry.label)
        return true
      }),
    leave: (given, state, now) =>
      serially(async () => {
        const path = cleanMountpath(given)
        const entry = get(path)
        if (entry === undefined) throw notFound(path)
        const { mountpath } = entry
        if (mountpath === undefined) {
          if (state === 'detaching') await become(without(path))
          return state === 'detaching'
        }
        if (!isLast(entry) && !now) {
          if (entry.state === state) return false
          await become([...without(path), { ...entry, state }])
          return true
        }
        const gone: Entry = { ...entry, state: 'disabled', mountpath: undefined }
        await become(state === 'detaching' ? without(path) : [...without(path), gone])
        await mountpath.close()
        return true
      }),
    isLast(given) {
      const entry = get(cleanMountpath(given))
      if (entry === undefined) throw notFound(given)
      return isLast(entry)
    },
    find(given) {
      const entry = get(cleanMountpath(given))
      if (entry === undefined) throw notFound(given)
      if (entry.mountpath) return entry.mountpath
      throw new AisError('ErrBadRequest', `mountpath "${given}" is disabled`)
    },
    settle: () =>
      serially(async () => {
        const leaving = [...inState('disabling'), ...inState('detaching')]
        if (leaving.length === 0) return
        const next = entries.flatMap((entry): Entry[] => {
          if (entry.state === 'detaching') return []
          if (entry.state !== 'disabling') return [entry]
          return [{ ...entry, state: 'disabled', mountpath: undefined }]
        })
        await become(next)
        for (const { mountpath } of leaving) await mountpath?.close()
      }),
    close: () => serially(async () => void (await Promise.all(opened.map((one) => one.close())))),
  }
}
