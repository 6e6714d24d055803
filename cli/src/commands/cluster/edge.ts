import { generateKeyPairSync } from 'node:crypto'
import { flag } from '../../arguments/flag-spec.ts'
import { sharedFlags } from '../../arguments/shared-flags.ts'
import { missingArguments } from '../../arguments/usage-error.ts'
import type { Command, Context } from '../../command.ts'
import { prettyJson } from '../../output/json.ts'
import { printLine } from '../../output/messages.ts'
import { propertyTable, table } from '../../output/table.ts'

/** Bytes of a raw X25519 key, at the end of its DER forms. */
const keyBytes = 32

/** A key pair, base64. */
function newKeyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('x25519')
  const last = (der: Buffer) => der.subarray(-keyBytes).toString('base64')
  return {
    privateKey: last(privateKey.export({ format: 'der', type: 'pkcs8' })),
    publicKey: last(publicKey.export({ format: 'der', type: 'spki' })),
  }
}

function nameOf({ args: [name] }: Context): string {
  if (name === undefined) throw missingArguments('NAME')
  return name
}

const add: Command = {
  path: 'cluster edge add',
  summary: 'Enrol an edge gateway and print what it is to be started with',
  usage: 'NAME',
  argsMax: 1,
  flags: [
    flag.text(
      'public-key',
      'its X25519 public key, base64; without it a pair is made and printed, this once',
    ),
    flag.text('access', 'ro (the default): it may vouch for reads; rw: for changes of objects too'),
    flag.text('buckets', 'names of ais:// buckets, separated by commas; without it all of them'),
    flag.text('url', 'where clients find it: what they sign for that name is taken'),
    sharedFlags.json,
  ],
  async run(context) {
    const { flags, client, terminal } = context
    const id = nameOf(context)
    const given = flags.text('public-key')
    const pair = given === undefined ? newKeyPair() : undefined
    const root = await client.credentials.createEdge({
      id,
      publicKey: given ?? pair?.publicKey ?? '',
      access: flags.text('access'),
      buckets: flags.text('buckets')?.split(','),
      url: flags.text('url'),
    })
    const variables: readonly (readonly [string, string])[] = [
      ['AIS_EDGE_ID', id],
      ['AIS_EDGE_ROOT', root],
      ...(pair === undefined ? [] : [['AIS_EDGE_KEY', pair.privateKey] as const]),
    ]
    if (flags.has('json')) return terminal.out(prettyJson(Object.fromEntries(variables)))
    terminal.out(propertyTable(variables.map(([name, value]) => [name, value])))
  },
}

const ls: Command = {
  path: 'cluster edge ls',
  alsoAt: ['show edge'],
  summary: 'Show edge gateways',
  usage: '',
  argsMax: 0,
  flags: [sharedFlags.json, sharedFlags.noHeaders],
  async run({ flags, client, terminal }) {
    const edges = await client.credentials.edges()
    if (flags.has('json')) return terminal.out(prettyJson(edges))
    const rows = edges.map(({ id, access, buckets, url, created }) => [
      id,
      access,
      buckets.length === 0 ? 'all' : buckets.join(','),
      url === '' ? '-' : url,
      created,
    ])
    const columns = ['NAME', 'ACCESS', 'BUCKETS', 'URL', 'CREATED'].map((title) => ({ title }))
    terminal.out(table(columns, rows, { headings: !flags.has('no-headers') }))
  },
}

const revoke: Command = {
  path: 'cluster edge revoke',
  summary: 'Take an edge gateway its word: redirects that it made count no longer',
  usage: 'NAME',
  argsMax: 1,
  flags: [],
  async run(context) {
    const id = nameOf(context)
    await context.client.credentials.deleteEdge(id)
    printLine(context, `Edge gateway "${id}" revoked`)
  },
}

export const edgeCommands: readonly Command[] = [add, ls, revoke]
