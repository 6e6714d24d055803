import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { findProvider } from '@aistore-ts/sdk/names/bck.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, UsageError } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { listBuckets, printSummary } from '../../listing/list-buckets.ts'
import { listObjects } from '../../listing/list-objects.ts'
import { showObject } from '../object/show-object.ts'

export const bucketLs: Command = {
  path: 'bucket ls',
  alsoAt: ['object ls'],
  summary: 'List buckets, or the objects of a bucket',
  usage: '[BUCKET[/PREFIX]] [PROVIDER]',
  argsMax: 2,
  flags: [
    sharedFlags.all,
    sharedFlags.encodeObjname,
    sharedFlags.noFooters,
    sharedFlags.noHeaders,
    sharedFlags.nonRecursive,
    sharedFlags.prefix,
    sharedFlags.refresh,
    sharedFlags.silent,
    sharedFlags.skipLookup,
    sharedFlags.template,
    sharedFlags.units,
    flag.switch('archive', 'also what is inside archives'),
    flag.switch('cached', 'only objects that are in the cluster'),
    flag.switch('check-cached', 'only objects that are in the cluster'),
    flag.switch('chunked', 'add the column CHUNKED'),
    flag.switch('count-only', 'print the number of names, and the time it took'),
    flag.switch('diff,check-versions', 'compare with the remote bucket'),
    flag.switch('dont-add', 'do not add a remote bucket to the cluster'),
    flag.switch('dont-wait', 'accepted; summaries are waited for'),
    flag.text('inv-name', 'name of the inventory'),
    flag.switch('inventory', 'list from the inventory of the bucket'),
    flag.integer('limit', 'list at most so many names'),
    flag.integer('max-pages', 'list at most so many pages'),
    flag.switch('name-only', 'names and nothing else'),
    flag.switch('no-dirs', 'leave out virtual directories'),
    flag.switch('not-cached', 'only objects that are not in the cluster'),
    flag.integer('page-size', 'names a page'),
    flag.switch('paged', 'print page by page'),
    flag.text('props', 'properties to show, e.g. "name,size,version", or "all"'),
    flag.text('regex', 'only names that match'),
    flag.switch('show-unmatched', 'accepted'),
    flag.text('start-after', 'only names greater than this (ais:// buckets)'),
    flag.switch('summary', 'counts and sizes of buckets'),
  ],
  async run(context) {
    const [uri, more] = context.args
    // Those of remote clusters alone.
    if (uri === '@') return listBuckets(context, 'ais', { isRemote: true })
    const space = uri === undefined ? undefined : namespaceOf(uri, context.config.default_provider)
    if (space !== undefined) return listBuckets(context, space.provider, space)
    const provider = uri === undefined ? undefined : providerOf(uri)
    if (uri === undefined || provider !== undefined) {
      return listBuckets(context, provider ?? (more === undefined ? undefined : providerOf(more)))
    }
    if (more !== undefined) {
      throw new UsageError(`unexpected argument ${JSON.stringify(more)}`)
    }
    await listOne(context, uri)
  },
}

/** `s3:`, `s3` and `s3://` are all buckets of a provider. */
function providerOf(text: string) {
  const name = text.replace(/:(\/\/)?$/, '')
  return name === '' ? undefined : findProvider(name)
}

/** `#ns`, `@uuid#ns`, `ais://#ns` and their like are all buckets of a namespace. */
function namespaceOf(text: string, defaultProvider: string) {
  const [, scheme = defaultProvider, namespace] =
    /^(?:([a-z0-9]+):\/\/)?([@#][^/]*)\/?$/i.exec(text) ?? []
  const provider = findProvider(scheme)
  return namespace === undefined || provider === undefined ? undefined : { provider, namespace }
}

async function listOne(context: Context, uri: string): Promise<void> {
  const { flags, client } = context
  const { bck, name } = parseObject(uri, context.config.default_provider, true)
  const prefix = flags.text('prefix') ?? ''
  if (name !== '' && prefix !== '' && !prefix.startsWith(name)) {
    throw new CommandError(
      `cannot handle embedded prefix ('${name}') and --prefix flag ('${prefix}') simultaneously - prefix flag must start with embedded prefix`,
    )
  }
  if (flags.has('summary')) {
    return printSummary(context, bck.provider, [bck], prefix || name)
  }
  if (!flags.has('skip-lookup')) await client.bucket(bck).head({ signal: context.signal })
  const single = name !== '' && prefix === '' && !name.endsWith('/') && !hasListFlags(context)
  if (single) {
    try {
      return await showObject(context, bck, name)
    } catch (error) {
      if (!isStatus(error, 404)) throw error
    }
  }
  await listObjects(context, bck, prefix || name, single)
}

/** Flags that only make sense for many names. */
function hasListFlags({ flags }: Context): boolean {
  const names = ['archive', 'non-recursive', 'count-only', 'paged', 'regex', 'template', 'limit']
  return names.some((name) => flags.has(name))
}
