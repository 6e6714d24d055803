import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { textOf } from './encoding.ts'

/**
 * Facts of the catalog as a whole. `state`: `open` while a process works on it, `closed` after an orderly stop.
 * `rebuild`: present until a rebuild from the files has finished. `mountpath`: its ID. `scrub`: how far the scrub is.
 * `renaming`: a bucket's folder may not be where its name says.
 */
export type SettingKey = 'state' | 'rebuild' | 'mountpath' | 'scrub' | 'renaming'

export interface SettingTable {
  load(key: SettingKey): string | undefined
  store(key: SettingKey, value: string): void
  remove(key: SettingKey): void
}

export function createSettingTable(db: SqliteDatabase): SettingTable {
  const load = db.prepare('SELECT value FROM setting WHERE key = ?')
  const store = db.prepare('INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)')
  const remove = db.prepare('DELETE FROM setting WHERE key = ?')
  return {
    load: (key) => {
      const row = load.get(key)
      return row === undefined ? undefined : textOf(row, 'value')
    },
    store: (key, value) => {
      store.run(key, value)
    },
    remove: (key) => {
      remove.run(key)
    },
  }
}
