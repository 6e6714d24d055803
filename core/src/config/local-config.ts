import { z } from 'zod'
import { strict } from '../wire/strict.ts'

const port = z
  .union([z.string().regex(/^[0-9]{0,5}$/, 'expected a port number'), z.int().nonnegative()])
  .transform((value) => (value === '' ? 0 : Number(value)))
  .refine((value) => value <= 65_535, 'port out of range')
  .default(0)

const absolutePath = z.string().refine((path) => path.startsWith('/'), 'expected an absolute path')

/** What concerns one node only: its folders and addresses, in upstream's shape. @see AIStore cmn/config.go LocalConfig */
const localSchema = z
  .strictObject({
    /** Metadata of the node: Smap, BMD, configuration. */
    confdir: z.string().min(1, 'must not be empty'),
    log_dir: z.string().min(1, 'must not be empty'),
    /** Mountpath to label; for targets. */
    fspaths: z.record(absolutePath, z.string()).default({}),
    /** Mountpaths made from a root and a count, for development. Either these or `fspaths`. */
    test_fspaths: z
      .strictObject({
        root: z.string().default(''),
        count: z.int().nonnegative().default(0),
        instance: z.int().nonnegative().default(0),
      })
      .default({ root: '', count: 0, instance: 0 }),
    host_net: z
      .strictObject({
        hostname: z.string().default(''),
        hostname_intra_control: z.string().default(''),
        hostname_intra_data: z.string().default(''),
        /** 0 takes a free port. */
        port,
        port_intra_control: port,
        port_intra_data: port,
      })
      .prefault({}),
  })
  .refine(
    ({ host_net: net }) =>
      net.port === 0 || (net.port !== net.port_intra_control && net.port !== net.port_intra_data),
    {
      path: ['host_net', 'port'],
      message: 'must differ from port_intra_control and port_intra_data: the networks are separate',
    },
  )
  .refine((local) => Object.keys(local.fspaths).every((a, _, all) => !nested(a, all)), {
    path: ['fspaths'],
    message: 'mountpaths must not lie inside one another',
  })

/** Immutable for the life of a node. */
export type LocalConfig = Readonly<z.output<typeof localSchema>>

function nested(path: string, all: readonly string[]): boolean {
  const folder = path.replace(/\/*$/, '/')
  return all.some((other) => other !== path && other.replace(/\/*$/, '/').startsWith(folder))
}

/** @throws AisError `ErrBadRequest` naming the field */
export function parseLocalConfig(json: unknown): LocalConfig {
  return strict(localSchema, json, 'local config')
}

/** Mountpaths and labels of a target: `fspaths`, else `<root>/mp<i>/<instance>` for each of `test_fspaths.count`. */
export function mountpathsOf(local: LocalConfig): ReadonlyMap<string, string> {
  const given = Object.entries(local.fspaths)
  if (given.length > 0) return new Map(given)
  const { root, count, instance } = local.test_fspaths
  const folder = root.replace(/\/*$/, '')
  const tail = instance === 0 ? '' : `/${instance}`
  return new Map(Array.from({ length: count }, (_, i) => [`${folder}/mp${i + 1}${tail}`, '']))
}

/** Wire shape: ports as strings, as upstream. */
export function localConfigToJson(local: LocalConfig): Record<string, unknown> {
  const { host_net: net } = local
  const portText = (value: number) => (value === 0 ? '' : String(value))
  return {
    fspaths: new Map(Object.entries(local.fspaths)),
    confdir: local.confdir,
    log_dir: local.log_dir,
    test_fspaths: local.test_fspaths,
    host_net: {
      ...net,
      port: portText(net.port),
      port_intra_control: portText(net.port_intra_control),
      port_intra_data: portText(net.port_intra_data),
    },
  }
}
