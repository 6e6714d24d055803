import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { NewObject } from '@aistore-ts/core/ports/mountpath.ts'
import type { FileIdentity } from '../../catalog/intent-table.ts'
import { encodeCustom, type ObjectRow } from '../../catalog/object-row.ts'

/** A condition on the row that a commit replaces. */
export type Expectation = { readonly generation: string | undefined } | undefined

/** Fails when the row is not the one the caller has seen. */
export function assertExpected(
  name: string,
  old: ObjectRow | undefined,
  expect: Expectation,
): void {
  if (expect !== undefined && expect.generation !== old?.generation) {
    throw new AisError('ErrPreempted', `object ${name} was changed by someone else`)
  }
}

/** An overwrite stays where the old file is, which is the only path that is surely free. */
export function keepsPath(old: ObjectRow | undefined): old is ObjectRow {
  return old !== undefined && old.upload === ''
}

/** The row of a new version in one piece, whose bytes are in `file`. */
export function newRow(
  object: NewObject,
  generation: string,
  file: FileIdentity,
  escaped: boolean,
  blocks: number,
): ObjectRow {
  return {
    sizeBytes: file.sizeBytes,
    checksumType: object.checksum.type,
    checksumValue: object.checksum.value,
    version: object.version,
    atimeNs: object.atimeNs,
    mtimeNs: file.mtimeNs,
    generation,
    inode: file.inode,
    escaped,
    upload: '',
    custom: encodeCustom(object.custom),
    blocks,
    damaged: false,
    body: 0,
  }
}
