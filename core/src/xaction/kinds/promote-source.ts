import { AisError } from '../../errors/ais-error.ts'
import type { FileSystem } from '../../ports/file-system.ts'
import type { TargetNode } from '../../target/target.ts'
import { type PromoteMessage, promoteRoot } from './promote-message.ts'

/** A file to be made an object. */
export interface SourceFile {
  readonly path: string
  /** Its path within the folder that is promoted; absent: it is what was named itself. */
  readonly below: string | undefined
  readonly sizeBytes: number
}

/** Bytes read at once. */
const pieceBytes = 1024 * 1024

function filesOf({ platform }: TargetNode): FileSystem {
  if (platform.files !== undefined) return platform.files
  throw new AisError('ErrUnsupp', `promote: ${platform.name} has no files`)
}

/** What is there, symbolic links below the root refused: they could lead anywhere. */
function statSource(files: FileSystem, src: string) {
  let path = promoteRoot
  let found = files.lstatSync(path)
  if (found === undefined) {
    throw new AisError('ErrNotFound', `promote root "${promoteRoot}" does not exist`)
  }
  const parts = src
    .slice(promoteRoot.length)
    .split('/')
    .filter((part) => part !== '')
  for (const part of parts) {
    path = `${path}/${part}`
    found = files.lstatSync(path)
    if (found === undefined) throw new AisError('ErrNotFound', `promote: "${path}" does not exist`)
    if (found.kind === 'other') {
      throw new AisError('ErrBadRequest', `promote: "${path}" is neither a file nor a folder (src)`)
    }
  }
  return { path, ...found }
}

/** The files of a message on this target, in order. @throws AisError `ErrNotFound`, `ErrBadRequest` naming the path */
export async function* sourceFiles(
  target: TargetNode,
  { src, rcr: recursive }: PromoteMessage,
): AsyncGenerator<SourceFile> {
  const files = filesOf(target)
  const top = statSource(files, src)
  if (top.kind === 'file') {
    yield { path: top.path, below: undefined, sizeBytes: top.sizeBytes }
    return
  }
  const waiting = ['']
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const entries = [...(await files.readDirectory(`${top.path}/${at}`))]
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    const folders: string[] = []
    for (const { name, kind } of entries) {
      const below = at + name
      if (kind === 'directory' && recursive) folders.push(`${below}/`)
      if (kind !== 'file') continue
      const stat = files.lstatSync(`${top.path}/${below}`)
      if (stat?.kind !== 'file') continue
      yield { path: `${top.path}/${below}`, below, sizeBytes: stat.sizeBytes }
    }
    waiting.push(...folders.reverse())
  }
}

/** What a target sees of a source: how many files, and which names. Targets that see the same share a file system. */
export interface SourceView {
  readonly files: number
  readonly digest: string
}

/** @throws AisError as `sourceFiles`; `ErrBadRequest` the folder has no files */
export async function viewSource(target: TargetNode, message: PromoteMessage): Promise<SourceView> {
  const hasher = target.platform.createHasher('sha256')
  const encoder = new TextEncoder()
  let count = 0
  for await (const { below = '', sizeBytes } of sourceFiles(target, message)) {
    count += 1
    hasher.update(encoder.encode(`${below}\0${sizeBytes}\0`))
  }
  if (count > 0) return { files: count, digest: hasher.digestHex() }
  const id = target.self().daemonId
  throw new AisError('ErrBadRequest', `t[${id}]: directory "${message.src}" is empty (src)`)
}

/** The bytes of a file. @throws Error with the POSIX name in `code`; AisError when it became shorter */
export async function* readSource(
  target: TargetNode,
  { path, sizeBytes }: SourceFile,
): AsyncGenerator<Uint8Array> {
  const files = filesOf(target)
  const fd = files.openSync(path, 'read')
  try {
    for (let at = 0; at < sizeBytes; ) {
      const piece = new Uint8Array(Math.min(pieceBytes, sizeBytes - at))
      const count = await files.read(fd, piece, at)
      if (count === 0) throw new AisError('ErrInternal', `promote: "${path}" became shorter`)
      yield piece.subarray(0, count)
      at += count
    }
  } finally {
    files.closeSync(fd)
  }
}

/** The file has become an object. */
export function removeSource(target: TargetNode, { path }: SourceFile): void {
  filesOf(target).unlinkSync(path)
}
