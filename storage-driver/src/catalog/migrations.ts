import type { CompiledQuery, Kysely } from 'kysely'
import { sql } from 'kysely'
import type { CatalogSchema } from './schema.ts'

/** The statements that lead from one schema version to the next. */
export type Migration = (build: Kysely<CatalogSchema>) => readonly CompiledQuery[]

/**
 * Numbered by position, from 1: the number is the database's `user_version`. A released migration is never changed;
 * a new one is appended.
 */
export const migrations: readonly Migration[] = [
  firstSchema,
  verification,
  tombstones,
  inlineBodies,
  shardIndexes,
]

function firstSchema(build: Kysely<CatalogSchema>): readonly CompiledQuery[] {
  const create = (table: keyof CatalogSchema) => build.schema.createTable(table)
  const withoutRowid = sql`without rowid, strict`
  return [
    create('setting')
      .addColumn('key', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .modifyEnd(withoutRowid)
      .compile(),
    create('bucket')
      .addColumn('bid', 'blob', (c) => c.primaryKey())
      .addColumn('provider', 'text', (c) => c.notNull())
      .addColumn('ns_uuid', 'text', (c) => c.notNull())
      .addColumn('ns_name', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .modifyEnd(withoutRowid)
      .compile(),
    create('purge')
      .addColumn('bid', 'blob', (c) => c.primaryKey())
      .modifyEnd(withoutRowid)
      .compile(),
    create('object')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('checksum_type', 'text', (c) => c.notNull())
      .addColumn('checksum_value', 'text', (c) => c.notNull())
      .addColumn('version', 'text', (c) => c.notNull())
      .addColumn('atime_us', 'integer', (c) => c.notNull())
      .addColumn('atime_ns', 'integer', (c) => c.notNull())
      .addColumn('mtime_us', 'integer', (c) => c.notNull())
      .addColumn('mtime_ns', 'integer', (c) => c.notNull())
      .addColumn('generation', 'blob', (c) => c.notNull())
      .addColumn('inode', 'integer', (c) => c.notNull())
      .addColumn('escaped', 'integer', (c) => c.notNull())
      .addColumn('upload', 'text', (c) => c.notNull())
      .addColumn('custom', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('object_key', ['bid', 'name'])
      .modifyEnd(withoutRowid)
      .compile(),
    create('intent')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('target', 'text', (c) => c.notNull())
      .addColumn('synced', 'integer', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('inode', 'integer', (c) => c.notNull())
      .addColumn('mtime_us', 'integer', (c) => c.notNull())
      .addColumn('mtime_ns', 'integer', (c) => c.notNull())
      .addColumn('superseded', 'text')
      .modifyEnd(sql`strict`)
      .compile(),
    create('append')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('work', 'text', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('append_key', ['bid', 'id'])
      .modifyEnd(withoutRowid)
      .compile(),
    create('upload')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('id', 'text', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('created_us', 'integer', (c) => c.notNull())
      .addColumn('created_ns', 'integer', (c) => c.notNull())
      .addColumn('custom', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('upload_key', ['bid', 'id'])
      .modifyEnd(withoutRowid)
      .compile(),
    create('part')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('upload', 'text', (c) => c.notNull())
      .addColumn('number', 'integer', (c) => c.notNull())
      .addColumn('file', 'text', (c) => c.notNull())
      .addColumn('size', 'integer', (c) => c.notNull())
      .addColumn('checksum_type', 'text', (c) => c.notNull())
      .addColumn('checksum_value', 'text', (c) => c.notNull())
      .addColumn('md5', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('part_key', ['bid', 'upload', 'number'])
      .modifyEnd(withoutRowid)
      .compile(),
  ]
}

/** Block checksums, and the mark of an object that the scrub found damaged. */
function verification(build: Kysely<CatalogSchema>): readonly CompiledQuery[] {
  const alter = (table: keyof CatalogSchema) => build.schema.alterTable(table)
  return [
    build.schema
      .createTable('block_sum')
      // Numbers are never given again: a row that kept one too long must not find another file's list.
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('sums', 'blob', (c) => c.notNull())
      .modifyEnd(sql`strict`)
      .compile(),
    build.schema.createIndex('block_sum_bucket').on('block_sum').column('bid').compile(),
    alter('object')
      .addColumn('blocks', 'integer', (c) => c.notNull().defaultTo(0))
      .compile(),
    alter('object')
      .addColumn('damaged', 'integer', (c) => c.notNull().defaultTo(0))
      .compile(),
    alter('part')
      .addColumn('blocks', 'integer', (c) => c.notNull().defaultTo(0))
      .compile(),
  ]
}

/** What is left of deleted names. */
function tombstones(build: Kysely<CatalogSchema>): readonly CompiledQuery[] {
  return [
    build.schema
      .createTable('tombstone')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('generation', 'blob', (c) => c.notNull())
      .addColumn('at', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('tombstone_key', ['bid', 'name'])
      .modifyEnd(sql`without rowid, strict`)
      .compile(),
    build.schema.createIndex('tombstone_age').on('tombstone').column('at').compile(),
  ]
}

/**
 * Small bodies that have no file yet. Not in `intent`: that table is looked through by name, which must stay cheap, and an
 * index would cost every PUT as much as its row.
 */
function inlineBodies(build: Kysely<CatalogSchema>): readonly CompiledQuery[] {
  return [
    build.schema
      .createTable('inline_body')
      .addColumn('seq', 'integer', (c) => c.primaryKey())
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('superseded', 'text')
      .addColumn('bytes', 'blob', (c) => c.notNull())
      .modifyEnd(sql`strict`)
      .compile(),
    build.schema
      .alterTable('object')
      .addColumn('body', 'integer', (c) => c.notNull().defaultTo(0))
      .compile(),
  ]
}

/** Where the files lie inside archives. */
function shardIndexes(build: Kysely<CatalogSchema>): readonly CompiledQuery[] {
  return [
    build.schema
      .createTable('shard_index')
      .addColumn('bid', 'blob', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('generation', 'blob', (c) => c.notNull())
      .addColumn('bytes', 'blob', (c) => c.notNull())
      .addPrimaryKeyConstraint('shard_index_key', ['bid', 'name'])
      .modifyEnd(sql`strict`)
      .compile(),
  ]
}
