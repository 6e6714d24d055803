import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { findProfile, profiles } from './profiles.ts'
import type { ConformanceOptions } from './run-conformance.ts'

/** What the command line asked for. */
export interface CommandLine {
  readonly options: ConformanceOptions
  /** Print the cases and stop. */
  readonly list: boolean
  /** Test the suite instead of the server: can every case fail. */
  readonly mutate: boolean
  /** Test the suite instead of the server: is every corruption noticed. */
  readonly corrupt: boolean
  readonly jsonFile?: string
  readonly junitFile?: string
}

/** A command line that cannot be understood; the message says which part. */
export class UsageError extends Error {}

/** Printed with every {@link UsageError}. */
export const usage = `Usage: npm run conformance -- --endpoint URL [options]

  --endpoint URL     a gateway of the cluster, such as http://127.0.0.1:8080
  --profile NAME     ${profiles.map((profile) => profile.id).join(', ')} (default native)
  --only REGEX       only cases whose id matches, and what they need
  --without IDS      capabilities the endpoint is known not to have, separated by commas
  --reference        the endpoint is the Go original: declared differences must show
  --ca FILE          authority (PEM) of an https:// endpoint, where the system does not know it
  --concurrency N    cases at once (default 8)
  --json FILE        write the report as JSON
  --junit FILE       write the report as JUnit XML
  --list             print the cases and stop
  --mutate           spoil the answers and name the cases that do not notice
  --corrupt          put a corrupting proxy before the cluster and name the corruptions that no
                     case notices; --only chooses among corruptions, --json keeps the table
`

/**
 * Reads the command line.
 * @throws UsageError for an unknown option, a missing or malformed value
 */
export function parseOptions(args: readonly string[]): CommandLine {
  const values = readValues(args)
  const list = values.list ?? false
  if (values.endpoint === undefined && !list) throw new UsageError('--endpoint is missing')
  const endpoint = values.endpoint ?? 'http://127.0.0.1:8080'
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw new UsageError(`--endpoint ${endpoint}: must be an http:// or https:// URL`)
  }
  const profile = values.profile ?? 'native'
  if (findProfile(profile) === undefined) throw new UsageError(`--profile ${profile}: unknown`)
  const concurrency = Number(values.concurrency ?? 8)
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 64) {
    throw new UsageError(`--concurrency ${values.concurrency}: must be 1 to 64`)
  }
  return {
    options: {
      endpoint,
      profile,
      concurrency,
      reference: values.reference ?? false,
      without: values.without?.split(',').filter((id) => id !== '') ?? [],
      ...(values.ca !== undefined && { authority: readAuthority(values.ca) }),
      ...(values.only !== undefined && { only: parsePattern(values.only) }),
    },
    list,
    mutate: values.mutate ?? false,
    corrupt: values.corrupt ?? false,
    ...(values.json !== undefined && { jsonFile: values.json }),
    ...(values.junit !== undefined && { junitFile: values.junit }),
  }
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        endpoint: { type: 'string' },
        profile: { type: 'string' },
        only: { type: 'string' },
        without: { type: 'string' },
        reference: { type: 'boolean' },
        ca: { type: 'string' },
        concurrency: { type: 'string' },
        json: { type: 'string' },
        junit: { type: 'string' },
        list: { type: 'boolean' },
        mutate: { type: 'boolean' },
        corrupt: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`--ca ${path}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern)
  } catch {
    throw new UsageError(`--only ${pattern}: no regular expression`)
  }
}
