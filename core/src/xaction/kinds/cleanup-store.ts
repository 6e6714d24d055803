import { parseStart, type StartMessage } from '../start-message.ts'
import { plainTraits, type XactionKind } from '../xaction-kind.ts'

/**
 * `cleanup-store`: appends and multipart uploads that nobody went on with for `space.dont_cleanup_time`, and what destroyed
 * buckets left. @see AIStore docs/storage_svcs.md
 */
export const cleanupStore: XactionKind<StartMessage> = {
  kind: 'cleanup-store',
  traits: { ...plainTraits, title: 'cleanup', scope: 'global', startable: true, needsRest: true },
  parse: parseStart,
  async *run(_message, { target, signal }) {
    const graceMs = target.settings.current().space.dont_cleanup_time
    for (const mountpath of target.availableMountpaths()) {
      if (signal.aborted) return
      yield { objects: await mountpath.cleanUp(graceMs) }
    }
  },
}
