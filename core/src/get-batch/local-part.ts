import type { ArchiveGuard } from '../archive/archive-guard.ts'
import { type ArchiveReader, type Member, sameMember } from '../archive/member.ts'
import { bckCname } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import type { ApiCall } from '../node/api-call.ts'
import { archivePathOf } from '../target/archive/archive-query.ts'
import { createGuard, type OpenShard, openShard } from '../target/archive/open-shard.ts'
import { indexedMember } from '../target/archive/shard-index.ts'
import { placeNamed } from '../target/entry.ts'
import { openPlaced } from '../target/open-placed.ts'
import { loadObject, type Place, type TargetNode } from '../target/target.ts'
import { verifyObject } from '../target/verify-object.ts'
import {
  type BatchPart,
  type Delivery,
  faultOf,
  type Outlook,
  type PartRequest,
} from './batch-part.ts'
import { rangeIn } from './batch-request.ts'
import { SliceReader } from './slice-reader.ts'

/** Objects of at most this many bytes are read at once. */
const smallBytesMax = 64 * 1024

type Entry = PartRequest['entries'][number]

/** Where an entry lies. @throws AisError when it may not be read, or belongs to another target */
export type PlaceOf = (entry: Pick<Entry, 'bck' | 'name'>) => Place | Promise<Place>

/** Places for a client: its access is checked, and that the names are this target's. */
export function placeForClient(target: TargetNode, { call, target: asked }: ApiCall): PlaceOf {
  return ({ bck, name }) =>
    placeNamed(
      { call, method: 'GET', target: asked },
      target,
      { bck, name, stated: undefined },
      'GET',
    )
}

/** An entry that is there, as far as is known. */
interface Wanted {
  readonly entry: Entry
  readonly place: Place
}

/** A part of `chunks`. */
async function* sliceOf(
  chunks: AsyncIterable<Uint8Array>,
  offset: number,
  length: number,
): AsyncGenerator<Uint8Array> {
  let skip = offset
  let left = length
  if (left === 0) return
  for await (const chunk of chunks) {
    const part = chunk.subarray(skip, skip + left)
    skip = Math.max(0, skip - chunk.length)
    left -= part.length
    if (part.length > 0) yield part
    if (left === 0) return
  }
}

/** Reads what this target holds itself. Entries of one shard in its order are read in one pass. */
export class LocalPart implements BatchPart {
  readonly #target: TargetNode
  readonly #placeOf: PlaceOf
  readonly #request: PartRequest
  readonly #guard: ArchiveGuard
  readonly #slices: SliceReader
  readonly #wanted: Wanted[] = []
  #at = 0
  #shard: (OpenShard & { readonly uname: string }) | undefined
  #reader: ArchiveReader | undefined

  constructor(target: TargetNode, placeOf: PlaceOf, request: PartRequest, signal: AbortSignal) {
    this.#slices = new SliceReader(target.platform.files)
    this.#target = target
    this.#placeOf = placeOf
    this.#request = request
    this.#guard = createGuard(target, signal)
  }

  async outlook(): Promise<readonly Outlook[]> {
    const rows: Outlook[] = []
    for (const entry of this.#request.entries) {
      const turn = this.#guard.turn()
      if (turn !== undefined) await turn
      rows.push(await this.#look(entry))
    }
    await this.#closeShard()
    return rows
  }

  async #look(entry: Entry): Promise<Outlook> {
    try {
      const named = this.#placeOf(entry)
      const place = named instanceof Promise ? await named : named
      const { meta } = loadObject(this.#target, place)
      let sizeBytes = -1
      if (entry.archivePath === '') sizeBytes = rangeIn(entry, meta.sizeBytes).length
      else if (this.#request.needsSizes) {
        sizeBytes = rangeIn(entry, (await this.#findMember(place, entry)).sizeBytes).length
      }
      this.#wanted.push({ entry, place })
      return { sizeBytes }
    } catch (error) {
      return faultOf(error)
    }
  }

  async next(): Promise<Delivery> {
    const wanted = this.#wanted[this.#at++]
    if (wanted === undefined) throw new Error('assert: no entry is left')
    const turn = this.#guard.turn()
    if (turn !== undefined) await turn
    try {
      return await (wanted.entry.archivePath === '' ? this.#object(wanted) : this.#file(wanted))
    } catch (error) {
      return faultOf(error)
    }
  }

  async #object({ entry, place }: Wanted): Promise<Delivery> {
    const target = this.#target
    const { validate_warm_get } = place.bucket.props.checksum
    const small = validate_warm_get
      ? undefined
      : place.mountpath.readSmall(place.bucket, place.name)
    target.stats.add('getbatch.obj.n')
    if (small !== undefined) {
      const { offset, length } = rangeIn(entry, small.meta.sizeBytes)
      target.stats.add('getbatch.obj.size', length)
      return { sizeBytes: length, content: small.bytes.subarray(offset, offset + length) }
    }
    const open = await openPlaced(target, place)
    try {
      if (validate_warm_get) await verifyObject(target, place, open)
      const { offset, length } = rangeIn(entry, open.meta.sizeBytes)
      target.stats.add('getbatch.obj.size', length)
      const chunks = this.#slices.read(open, offset, length)
      if (length > smallBytesMax) {
        return { sizeBytes: length, content: closing(chunks, () => open.close()) }
      }
      const content = await readAll(chunks, length)
      open.close()
      return { sizeBytes: length, content }
    } catch (error) {
      open.close()
      throw error
    }
  }

  async #file({ entry, place }: Wanted): Promise<Delivery> {
    const member = await this.#findMember(place, entry)
    const { offset, length } = rangeIn(entry, member.sizeBytes)
    this.#target.stats.add('getbatch.file.n')
    this.#target.stats.add('getbatch.file.size', length)
    const content = sliceOf(member.content(), offset, length)
    if (length > smallBytesMax) return { sizeBytes: length, content }
    return { sizeBytes: length, content: await readAll(content, length) }
  }

  /** Looks behind the last file of the same shard first, then from its start. */
  async #findMember(place: Place, entry: Entry): Promise<Member> {
    const path = archivePathOf(entry.archivePath, entry.name)
    const known = await this.#indexed(place, path)
    if (known === 'absent') throw this.#noSuchFile(path, entry)
    if (known !== undefined) return known
    const passes = this.#shard?.uname === place.uname && this.#reader !== undefined ? 2 : 1
    for (let pass = 0; pass < passes; pass++) {
      const reader = pass === passes - 1 ? await this.#restart(place) : this.#reader
      for (let member = await reader?.next(); member; member = await reader?.next()) {
        if (sameMember(member.name, path)) return member
      }
    }
    throw this.#noSuchFile(path, entry)
  }

  #noSuchFile(path: string, { bck, name }: Entry): AisError {
    const { daemonId } = this.#target.self()
    const shard = `${bckCname(bck)}/${name}`
    return new AisError('ErrNotFound', `t[${daemonId}]: ${path} in ${shard} does not exist`)
  }

  /** By the index of the shard, where it has one. */
  async #indexed(place: Place, path: string): Promise<Member | 'absent' | undefined> {
    const { format, open } = await this.#openShard(place)
    return format === '.tar' ? indexedMember(this.#target, place, open, path) : undefined
  }

  async #openShard(place: Place): Promise<OpenShard> {
    if (this.#shard?.uname === place.uname) return this.#shard
    await this.#closeShard()
    const shard = await openShard(this.#target, place, '', this.#guard)
    this.#shard = { ...shard, uname: place.uname }
    return shard
  }

  async #restart(place: Place): Promise<ArchiveReader> {
    await this.#reader?.close()
    this.#reader = (await this.#openShard(place)).members()
    return this.#reader
  }

  async #closeShard(): Promise<void> {
    const reader = this.#reader
    const shard = this.#shard
    this.#reader = undefined
    this.#shard = undefined
    await reader?.close()
    shard?.close()
  }

  async close(): Promise<void> {
    await this.#closeShard()
  }
}

async function* closing(
  chunks: AsyncIterable<Uint8Array>,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks
  } finally {
    close()
  }
}

/** @throws AisError `ErrObjDefunct` they do not add up to `length` */
async function readAll(chunks: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  let whole: Uint8Array | undefined
  let at = 0
  for await (const chunk of chunks) {
    if (chunk.length === length) return chunk
    whole ??= new Uint8Array(length)
    whole.set(chunk, at)
    at += chunk.length
  }
  if (at !== length) throw new AisError('ErrObjDefunct', `${at} bytes instead of ${length}`)
  return whole ?? new Uint8Array(0)
}
