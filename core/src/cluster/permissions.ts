import { z } from 'zod'
import { type Bck, findProvider } from '../bucket/bck.ts'
import { type Access, accessBits } from '../node/access.ts'
import { u64String } from '../wire/strict.ts'

/** What somebody may do, as the claims of a token say it: for access keys and tokens alike. */
export interface Permissions {
  /** Everything. */
  readonly admin: boolean
  /** By cluster ID; the empty one stands for every cluster that is not named. Bits as `accessBits`. */
  readonly clusters: readonly { readonly id: string; readonly perm: bigint }[]
  /** A bucket's entry alone decides about its objects. `clusterId` is what a token writes as the namespace's uuid. */
  readonly buckets: readonly {
    readonly clusterId: string
    readonly provider: string
    readonly name: string
    readonly perm: bigint
  }[]
}

export const noPermissions: Permissions = { admin: false, clusters: [], buckets: [] }

const clusterAccess: ReadonlySet<Access> = new Set([
  'LIST-BUCKETS',
  'SHOW-CLUSTER',
  'CREATE-BUCKET',
  'DESTROY-BUCKET',
  'MOVE-BUCKET',
  'ADMIN',
])

/**
 * What `permissions` say of `need` in the cluster; with `bck` on that bucket. `all` of an administrator; `deny` when an entry
 * of the bucket, which alone decides about what is in it, does not hold it; `nothing` when nothing holds it.
 * @see AIStore cmd/authn/tok/token.go CheckPermissions
 */
export function claimsOn(
  permissions: Permissions,
  clusterId: string,
  need: Access,
  bck?: Bck,
): 'all' | 'allow' | 'deny' | 'nothing' {
  if (permissions.admin) return 'all'
  const { clusters, buckets } = permissions
  const has = (perm: bigint) => ((perm >> BigInt(accessBits[need])) & 1n) === 1n
  const bucket =
    bck &&
    buckets.find(
      ({ clusterId: of, provider, name }) =>
        of === clusterId && name === bck.name && findProvider(provider) === bck.provider,
    )
  if (bucket && !clusterAccess.has(need)) return has(bucket.perm) ? 'allow' : 'deny'
  const cluster =
    clusters.find(({ id }) => id === clusterId) ?? clusters.find(({ id }) => id === '')
  return cluster !== undefined && has(cluster.perm) ? 'allow' : 'nothing'
}

const bucketSchema = z.strictObject({
  bck: z.strictObject({
    name: z.string().min(1),
    provider: z.string().default('ais'),
    namespace: z.strictObject({ uuid: z.string(), name: z.string().default('') }),
  }),
  perm: u64String,
})

/** The claims `admin`, `clusters` and `buckets`. */
export const permissionsSchema = z
  .strictObject({
    admin: z.boolean().default(false),
    clusters: z.array(z.strictObject({ id: z.string().default(''), perm: u64String })).default([]),
    buckets: z.array(bucketSchema).default([]),
  })
  .transform(
    ({ admin, clusters, buckets }): Permissions => ({
      admin,
      clusters,
      buckets: buckets.map(({ bck, perm }) => ({
        clusterId: bck.namespace.uuid,
        provider: bck.provider,
        name: bck.name,
        perm,
      })),
    }),
  )

export function permissionsToJson({
  admin,
  clusters,
  buckets,
}: Permissions): Record<string, unknown> {
  return {
    admin,
    clusters: clusters.map(({ id, perm }) => ({ id, perm: String(perm) })),
    buckets: buckets.map(({ clusterId, provider, name, perm }) => ({
      bck: { name, provider, namespace: { uuid: clusterId, name: '' } },
      perm: String(perm),
    })),
  }
}

/** May make buckets, and has what is its own; nothing that is another's. */
export function ownDataAccess(): Permissions {
  const bit = (access: Access) => 1n << BigInt(accessBits[access])
  const perm = bit('LIST-BUCKETS') | bit('CREATE-BUCKET')
  return { admin: false, clusters: [{ id: '', perm }], buckets: [] }
}
