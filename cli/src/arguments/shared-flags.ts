import { flag } from './flag-spec.ts'

/** Flags that mean the same in every command that has them. */
export const sharedFlags = {
  all: flag.switch('all', 'also what is not in the cluster, or not in order'),
  count: flag.integer('count', 'with --refresh: stop after so many reports'),
  contOnErr: flag.switch('cont-on-err', 'go on when single objects fail'),
  dryRun: flag.switch('dry-run', 'show what would be done, change nothing'),
  encodeObjname: flag.switch('encode-objname', 'accepted; names are always encoded'),
  force: flag.switch('force,f', 'do it in spite of objections (with care)'),
  json: flag.switch('json,j', 'print JSON'),
  list: flag.text('list', 'names, separated by commas'),
  noFooters: flag.switch('no-footers,F', 'leave out the closing line'),
  noHeaders: flag.switch('no-headers,H', 'leave out the headings'),
  nonRecursive: flag.switch('non-recursive,nr', 'do not enter virtual directories'),
  nonVerbose: flag.switch('non-verbose,nv', 'print less'),
  numWorkers: flag.integer('num-workers', 'how many transfers at a time'),
  prefix: flag.text('prefix', 'only names that begin with this'),
  progress: flag.switch('progress', 'show progress bars'),
  recursive: flag.switch('recursive,r', 'enter directories'),
  refresh: flag.duration('refresh', 'repeat at this interval until Ctrl-C'),
  silent: flag.switch('silent', 'no error messages from the server side'),
  skipLookup: flag.switch('skip-lookup', 'do not look the bucket up first'),
  template: flag.text('template', 'names by range, e.g. "shard-{000..099}.tar"'),
  units: flag.text('units', 'sizes in iec (1024), si (1000) or raw bytes'),
  verbose: flag.switch('verbose,v', 'print more'),
  yes: flag.switch('yes,y', 'answer yes to every question'),
} as const
