import { z } from 'zod'
import type { ClusterShape } from '../server/cluster-layout.ts'
import type { AskCluster } from './ask-cluster.ts'
import type { KeyPair } from './key-pair.ts'
import type { LauncherDurability } from './options.ts'

const configSchema = z.object({
  write_policy: z.object({ durability: z.enum(['process', 'disk']) }),
})

/**
 * The durability level the running cluster has: that of its kept configuration, which the command line does not change.
 * `undefined` when it does not say.
 */
export async function loadDurability(ask: AskCluster): Promise<LauncherDurability | undefined> {
  try {
    const config = configSchema.parse(await ask('GET', '/v1/cluster?what=cluster_config'))
    return config.write_policy.durability
  } catch {
    return undefined
  }
}

const meanings: Readonly<Record<LauncherDurability, string>> = {
  disk: 'disk (an acknowledged write survives power loss)',
  process: 'process (an acknowledged write survives kill -9, not power loss)',
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}

/** The only time that the secret is shown. */
function keys(credentials: KeyPair | string | undefined): string {
  if (credentials === undefined) return ''
  if (typeof credentials === 'string') return `  Key pair    in ${credentials}\n`
  const { accessKey, secretKey } = credentials
  return `  Access key  ${accessKey}\n  Secret key  ${secretKey}   (shown this once)\n`
}

/** What the launcher says when all nodes serve: where, on what, how safe, and what to try. */
export function announce(cluster: {
  readonly endpoint: string
  /** URL of S3. */
  readonly s3: string
  /** A key pair that was just made, or the file that has one. */
  readonly credentials: KeyPair | string | undefined
  readonly shape: ClusterShape
  readonly dir: string
  readonly durability: LauncherDurability | undefined
  /** What the command line asked for. */
  readonly asked: LauncherDurability | undefined
}): string {
  const { endpoint, s3, credentials, shape, dir, durability, asked } = cluster
  const { proxies, targets, mountpaths } = shape
  const level =
    durability === undefined ? 'unknown (the cluster did not say)' : meanings[durability]
  const passedOver =
    asked === undefined || asked === durability
      ? ''
      : `\n--durability ${asked} is for new clusters; this one keeps its level. To change it:
  curl -X PUT '${endpoint}/v1/cluster/set-config?write_policy.durability=${asked}'\n`
  return `
AIStore is ready: ${count(proxies, 'gateway', 'gateways')}, ${count(targets, 'target', 'targets')}, ${count(mountpaths, 'mountpath', 'mountpaths')} each.

  Endpoint    ${endpoint}
  S3          ${s3}
${keys(credentials)}  Data        ${dir}
  Durability  ${level}
${passedOver}
Try:
  curl -X POST -H 'Content-Type: application/json' -d '{"action":"create-bck"}' ${endpoint}/v1/buckets/demo
  curl -L -T README.md ${endpoint}/v1/objects/demo/README.md
  curl -L ${endpoint}/v1/objects/demo/README.md

Ctrl-C stops everything.
`
}
