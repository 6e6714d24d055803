import { parseStart, type StartMessage } from '../start-message.ts'
import { plainTraits, type XactionKind } from '../xaction-kind.ts'

/** Rows of a turn. */
const pageRows = 500

/**
 * `load-lom-cache`: reads what is known of every object of a bucket, so that the catalogs have it in memory when it is
 * asked for. @see AIStore xact/xs/lom_warmup.go
 */
export const loadLomCache: XactionKind<StartMessage> = {
  kind: 'load-lom-cache',
  traits: { ...plainTraits, title: 'warm-up-metadata', startable: true },
  parse: parseStart,
  async *run(_message, { bucket, signal, target }) {
    if (bucket === undefined) return
    for (const mountpath of target.availableMountpaths()) {
      for (let after = ''; !signal.aborted; ) {
        const rows = mountpath.list(bucket, { prefix: '', after, limit: pageRows, full: true })
        yield { objects: rows.length }
        const last = rows.at(-1)
        if (last === undefined || rows.length < pageRows) break
        after = last.name
      }
    }
  },
}
