import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'

/** Checksum types that `put` takes a ready value for. */
export const checksumFlags = ['crc32c', 'md5', 'sha256', 'sha512', 'xxhash', 'xxhash2'] as const

export const putFlags = [
  ...checksumFlags.map((type) => flag.text(type, `${type} of the file, checked by the cluster`)),
  flag.switch('append', 'concatenate all sources into one object'),
  flag.size('chunk-size', 'upload in parts of this size; for standard input: pieces'),
  flag.switch(
    'compute-checksum',
    'compute the checksum of the bucket\u2019s type and send it along',
  ),
  flag.switch('include-src-dir', 'keep the name of the source directory'),
  flag.integer('retries', 'how often a failed file is tried again (1)'),
  flag.switch('skip-vc', 'do not compare with the version that is there'),
  flag.duration('timeout', 'accepted'),
  flag.switch('wait', 'accepted'),
  sharedFlags.contOnErr,
  sharedFlags.dryRun,
  sharedFlags.encodeObjname,
  sharedFlags.list,
  sharedFlags.numWorkers,
  sharedFlags.progress,
  sharedFlags.recursive,
  sharedFlags.refresh,
  sharedFlags.skipLookup,
  sharedFlags.template,
  sharedFlags.units,
  sharedFlags.verbose,
  sharedFlags.yes,
] as const
