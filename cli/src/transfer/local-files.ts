import type { Dirent } from 'node:fs'
import { glob, readdir, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { CommandError } from '../arguments/usage-error.ts'

/** A local file and the name its object gets. */
export interface LocalFile {
  readonly path: string
  readonly objectName: string
  readonly sizeBytes: number
}

export interface FileSelection {
  readonly files: LocalFile[]
  /** How many directories were named. */
  directories: number
  /** How many links to directories, dangling links, sockets and the like were met: they become no objects. */
  leftOut: number
}

export function emptySelection(): FileSelection {
  return { files: [], directories: 0, leftOut: 0 }
}

export interface NamingOptions {
  /** Put in front of every name, as it is. */
  readonly prefix: string
  readonly recursive: boolean
  /** Keep the name of the directory in front of the names in it. */
  readonly includeSourceDir: boolean
  /** Leading part of the path that is left out of names. */
  readonly trim?: string | undefined
}

/** `~/` at the beginning is the home folder. */
export function expandHome(text: string): string {
  return text === '~' || text.startsWith('~/') ? os.homedir() + text.slice(1) : text
}

/**
 * Adds what `source` stands for: a file, a directory, or a pattern such as `dir/*.tar`.
 * @throws CommandError when it is none of these
 */
export async function addSource(
  selection: FileSelection,
  source: string,
  options: NamingOptions,
): Promise<void> {
  const full = path.resolve(expandHome(source))
  const info = await stat(full).catch(() => undefined)
  if (info?.isDirectory() === true) {
    selection.directories++
    const root = options.includeSourceDir ? path.dirname(full) : full
    await addDirectory(selection, full, root, options)
    return
  }
  if (info !== undefined) {
    addFile(selection, full, options.prefix + nameOf(full, source, options), info.size)
    return
  }
  if (!/[*?[]/.test(source)) {
    throw new CommandError(
      `"${source}" is not a directory and does not appear to be a filename-matching pattern`,
    )
  }
  await addPattern(selection, full, options)
}

function nameOf(full: string, source: string, options: NamingOptions): string {
  if (options.includeSourceDir) return source.replace(/^(\.?\/)+/, '')
  const { trim } = options
  if (trim !== undefined && full.startsWith(trim)) return full.slice(trim.length)
  return path.basename(full)
}

async function addPattern(
  selection: FileSelection,
  pattern: string,
  options: NamingOptions,
): Promise<void> {
  const literal = pattern.slice(0, pattern.search(/[*?[]/))
  const folder = literal.slice(0, literal.lastIndexOf('/')) || '/'
  const root = options.includeSourceDir ? path.dirname(folder) : folder
  const base = pattern.slice(pattern.lastIndexOf('/') + 1)
  if (options.recursive && pattern === path.join(folder, base)) {
    // The pattern of the last part holds at every depth, as upstream walks it.
    const below = emptySelection()
    await addDirectory(below, folder, root, options)
    const wanted = namePattern(base)
    selection.files.push(...below.files.filter((file) => wanted.test(path.basename(file.path))))
    return
  }
  const matches: string[] = []
  for await (const match of glob(pattern)) matches.push(match)
  matches.sort()
  for (const match of matches) {
    const info = await stat(match)
    if (info.isDirectory()) {
      if (options.recursive) await addDirectory(selection, match, root, options)
    } else if (info.isFile()) addFile(selection, match, named(match, root, options), info.size)
  }
}

/** `*`, `?` and `[a-z]` of a shell pattern, for a name without folders. @throws CommandError for a broken class */
function namePattern(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^')
  try {
    return new RegExp(`^${text}$`, 'su')
  } catch {
    throw new CommandError(`invalid filename pattern ${JSON.stringify(pattern)}`)
  }
}

async function addDirectory(
  selection: FileSelection,
  folder: string,
  root: string,
  options: NamingOptions,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const full = path.join(folder, entry.name)
    if (entry.isDirectory()) {
      if (options.recursive) await addDirectory(selection, full, root, options)
      continue
    }
    const sizeBytes = await regularSize(entry, full)
    if (sizeBytes === undefined) selection.leftOut++
    else addFile(selection, full, named(full, root, options), sizeBytes)
  }
}

/** Size of a file or of the file behind a link; links to directories and the rest are left out. */
async function regularSize(entry: Dirent, full: string): Promise<number | undefined> {
  if (!entry.isFile() && !entry.isSymbolicLink()) return undefined
  const info = await stat(full).catch(() => undefined)
  return info?.isFile() === true ? info.size : undefined
}

function named(full: string, root: string, options: NamingOptions): string {
  return options.prefix + path.relative(root, full).split(path.sep).join('/')
}

function addFile(
  selection: FileSelection,
  full: string,
  objectName: string,
  sizeBytes: number,
): void {
  selection.files.push({ path: full, objectName, sizeBytes })
}
