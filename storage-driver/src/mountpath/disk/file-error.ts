import { AisError } from '@aistore-ts/core/errors/ais-error.ts'

/** The POSIX name of a failed file operation (`ENOENT`), empty for anything else. */
export function fileErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

/** SQLite's primary result code, 0 for anything else. @see https://www.sqlite.org/rescode.html */
export function sqliteErrorCode(error: unknown): number {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0
}

const sqliteFull = 13

export function isNoSpace(error: unknown): boolean {
  return (
    ['ENOSPC', 'EDQUOT'].includes(fileErrorCode(error)) || sqliteErrorCode(error) === sqliteFull
  )
}

/** 507 for a disk that is full, whoever noticed it. */
export function noSpaceError(path: string, cause: unknown): AisError {
  return new AisError('ErrCapExceeded', `out of space: no room left on mountpath ${path}`, {
    cause,
  })
}
