import { isStatus } from '@aistore-ts/sdk/errors/ais-client-error.ts'
import { type Bck, bckCname } from '@aistore-ts/sdk/names/bck.ts'
import type { ObjectAttributes } from '@aistore-ts/sdk/object-attributes.ts'
import { type ObjectProp, objectProps } from '@aistore-ts/sdk/object-handle.ts'
import { parseObject } from '../../arguments/bucket-argument.ts'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { CommandError, missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { formatSize, type Units } from '../../format/size.ts'
import { formatRfc822 } from '../../format/time.ts'
import { isRemoteBck } from '../../listing/list-request.ts'
import { propertyTable } from '../../output/table.ts'

export const objectShow: Command = {
  path: 'object show',
  alsoAt: ['show object'],
  summary: 'Show the properties of an object',
  usage: 'BUCKET/OBJECT_NAME',
  argsMax: 1,
  flags: [
    flag.text('props', 'properties to show, e.g. "size,version", or "all"'),
    flag.switch('check-cached', 'fail when the object is not in the cluster'),
    flag.switch('not-cached', 'also objects that are not in the cluster'),
    sharedFlags.all,
    sharedFlags.encodeObjname,
    sharedFlags.json,
    sharedFlags.noHeaders,
    sharedFlags.silent,
    sharedFlags.units,
  ],
  async run(context) {
    const [uri] = context.args
    if (uri === undefined) throw missingArguments('BUCKET/OBJECT_NAME')
    const { bck, name } = parseObject(uri, context.config.default_provider)
    try {
      await showObject(context, bck, name)
    } catch (error) {
      if (!isStatus(error, 404)) throw error
      const tip = isRemoteBck(bck)
        ? " (tip: try '--not-cached' option or use 'ais ls' to lookup by prefix)"
        : ''
      throw new CommandError(
        error.tcode === 'ErrBckNotFound'
          ? error.message
          : `object "${name}" not found in ${bckCname(bck)}${tip}`,
      )
    }
  },
}

const defaultProps: readonly ObjectProp[] = ['name', 'size', 'checksum', 'atime']
const cloudProps: readonly ObjectProp[] = [...defaultProps, 'version', 'custom']

/** @see AIStore apc.FltExists, apc.FltPresent, apc.FltPresentCluster */
const presence = { exists: 0, present: 2, presentInCluster: 4 } as const

/** Prints `PROPERTY VALUE` rows, sorted by name. @throws AisClientError, 404 when there is no such object */
export async function showObject(context: Context, bck: Bck, name: string): Promise<void> {
  const { client, flags, terminal, signal } = context
  const props = wantedProps(context, bck)
  const where = flags.has('check-cached')
    ? presence.presentInCluster
    : flags.has('not-cached') || flags.has('all')
      ? presence.exists
      : presence.present
  const attributes = await client.bucket(bck).object(name).head(props, { presence: where, signal })
  const units = flags.units()
  const rows = props
    .map((prop) => [prop, propText(prop, attributes, `${bckCname(bck)}/${name}`, units)] as const)
    .filter(([, text]) => text !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  terminal.out(propertyTable(rows, !flags.has('no-headers')))
}

function wantedProps({ flags }: Context, bck: Bck): readonly ObjectProp[] {
  const text = flags.text('props')
  if (text === undefined) return bck.provider === 'ais' ? defaultProps : cloudProps
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('all')) return objectProps
  return names.map((name) => {
    const known = objectProps.find((prop) => prop === name)
    if (known !== undefined) return known
    throw new CommandError(
      `invalid property ${JSON.stringify(name)} (expecting one of: ${objectProps.join(', ')})`,
    )
  })
}

function propText(
  prop: ObjectProp,
  attributes: ObjectAttributes,
  cname: string,
  units: Units,
): string {
  switch (prop) {
    case 'name':
      return cname
    case 'size':
      return formatSize(attributes.sizeBytes, units)
    case 'checksum': {
      const { checksum } = attributes
      return checksum === undefined ? '-' : `${checksum.type}[${checksum.value}]`
    }
    case 'atime': {
      const ns = attributes.atimeNs ?? 0n
      return ns <= 0n ? '-' : formatRfc822(Number(ns / 1_000_000n))
    }
    case 'version':
      return attributes.version ?? ''
    case 'custom': {
      const pairs = [...attributes.custom].map(([key, value]) => `${key}:${value}`).sort()
      return pairs.length === 0 ? '-' : `[${pairs.join(' ')}]`
    }
    case 'last-modified':
      return attributes.lastModified ?? ''
    case 'etag':
      return attributes.etag ?? ''
    case 'location':
      return attributes.location ?? '-'
    case 'copies': {
      if (!attributes.copies) return '-'
      const { mirrorPaths } = attributes
      return `${attributes.copies}${mirrorPaths.length > 0 ? ` [${mirrorPaths.join(' ')}]` : ''}`
    }
    case 'ec': {
      const { ec } = attributes
      if (ec === undefined || ec.dataSlices === 0) return '-'
      const kind = ec.replicated ? 'replicated' : 'encoded'
      return `${ec.dataSlices}:${ec.paritySlices} (gen ${ec.generation})[${kind}]`
    }
    case 'chunked': {
      const { chunks } = attributes
      if (chunks === undefined || chunks.count === 0) return '-'
      return `${chunks.count} chunks / ${formatSize(chunks.sizeMaxBytes)}`
    }
  }
}
