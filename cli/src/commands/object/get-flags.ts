import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'

export const getFlags = [
  flag.text('archmime', 'format of the archive, where its name does not tell'),
  flag.text('archmode', 'how --archregx is meant: regexp, prefix, suffix, substr, wdskey'),
  flag.text('archpath', 'one file inside an archive'),
  flag.text('archregx', 'all files inside an archive that match, as a tar'),
  flag.switch('cached', 'only objects that are in the cluster'),
  flag.switch('check-cached', 'only tell whether the object is in the cluster'),
  flag.switch('checksum', 'compare the checksum of what arrives'),
  flag.switch('latest', 'ask the remote bucket for a newer version'),
  flag.size('chunk-size', 'bytes of one range; with --mpd'),
  flag.switch('mpd', 'get one large object by several ranges at a time'),
  flag.size('length', 'bytes of a range'),
  flag.integer('limit', 'get at most so many objects'),
  flag.integer('num-workers', 'objects at a time, or ranges with --mpd'),
  flag.size('offset', 'where a range begins'),
  sharedFlags.encodeObjname,
  sharedFlags.prefix,
  sharedFlags.progress,
  sharedFlags.refresh,
  sharedFlags.silent,
  sharedFlags.skipLookup,
  sharedFlags.template,
  sharedFlags.units,
  sharedFlags.verbose,
  sharedFlags.yes,
] as const
