import { AisError } from '@aistore-ts/core/errors/ais-error.ts'
import type { SqliteDatabase } from '@aistore-ts/core/ports/sqlite.ts'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { type Migration, migrations } from './migrations.ts'
import type { CatalogSchema } from './schema.ts'

/** Kysely as a writer of SQL only: the statements run through the synchronous seam. */
function queryBuilder(): Kysely<CatalogSchema> {
  return new Kysely<CatalogSchema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  })
}

/**
 * Brings `db` to the newest schema, each step in its own transaction.
 * @returns the version found, 0 for an empty database
 * @throws AisError `ErrUnsupp` when the database is newer than this program
 */
export function migrate(db: SqliteDatabase, steps: readonly Migration[] = migrations): number {
  const found = Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
  if (found > steps.length) {
    throw new AisError(
      'ErrUnsupp',
      `catalog schema ${found} is newer than this program, which knows ${steps.length}`,
    )
  }
  const build = queryBuilder()
  for (const [index, step] of steps.entries()) {
    if (index < found) continue
    db.exec('BEGIN IMMEDIATE')
    try {
      for (const query of step(build)) db.exec(query.sql)
      db.exec(`PRAGMA user_version = ${index + 1}`)
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
  return found
}
