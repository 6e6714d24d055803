import { z } from 'zod'
import { configTable } from '../config/defaults.ts'
import { choice, custom, features, int, mask, text } from '../config/field.ts'
import type { Section } from '../config/section.ts'
import { s3PropsTable } from './s3-props.ts'

const mib = 1024 * 1024
const gib = 1024 * mib

const bckSchema = z.strictObject({
  name: z.string().default(''),
  provider: z.string().default(''),
  namespace: z
    .strictObject({ uuid: z.string().default(''), name: z.string().default('') })
    .default({ uuid: '', name: '' }),
})

const trimmed = (max: number) =>
  z
    .string()
    .max(max, `too long (over ${max} characters)`)
    .refine((given) => given === given.trim(), 'leading or trailing whitespace')

const extraSchema = z.strictObject({
  aws: z
    .strictObject({
      cloud_region: trimmed(64).optional(),
      endpoint: trimmed(2_048)
        .refine(
          (url) => url === '' || /^https?:\/\/[^/]+/.test(url),
          'must be an http or https URL',
        )
        .optional(),
      profile: trimmed(256).optional(),
      max_pagesize: z.int().min(0).max(10_000).optional(),
      multipart_size: z
        .int()
        .refine(
          (bytes) => bytes === -1 || bytes === 0 || (bytes >= 5 * mib && bytes <= 5 * gib),
          'expecting -1 (single part), 0 (default) or 5MiB to 5GiB',
        )
        .optional(),
    })
    .default({}),
  gcp: z
    .strictObject({
      application_creds: z
        .string()
        .refine((path) => path === '' || path.startsWith('/'), 'must be an absolute path')
        .optional(),
    })
    .default({}),
  oci: z.strictObject({ region: trimmed(64).optional() }).default({}),
  custom: z
    .string()
    .max(128, 'too long (over 128 characters)')
    .refine((given) => !/\p{Cc}/u.test(given), 'control character')
    .optional(),
})

export type ExtraProps = z.output<typeof extraSchema>

/** Empty members are left out, as Go's `omitempty` does. */
function extraToJson(extra: ExtraProps): Record<string, unknown> {
  const filled = (part: object) =>
    Object.fromEntries(Object.entries(part).filter(([, value]) => value !== '' && value !== 0))
  return {
    aws: filled(extra.aws),
    gcp: filled(extra.gcp),
    oci: filled(extra.oci),
    custom: extra.custom === '' ? undefined : extra.custom,
  }
}

/**
 * Every property of a bucket, in the order of upstream's JSON. Sections that a cluster has too share its rows.
 * @see AIStore cmn/api.go Bprops
 */
export const propsTable = {
  /** Remote bucket behind an `ais://` one; all empty when there is none. */
  backend_bck: custom(
    { name: '', provider: '', namespace: { uuid: '', name: '' } },
    bckSchema,
    (bck) => bck,
  ),
  write_policy: {
    data: configTable.write_policy.data,
    md: configTable.write_policy.md,
    /** Ours. Empty: as the cluster. */
    durability: { ...choice('', ['', 'process', 'disk']), omitEmpty: true },
  },
  provider: text('ais', { readOnly: true }),
  Renamed: text('', { readOnly: true }),
  checksum: configTable.checksum,
  extra: custom<ExtraProps>({ aws: {}, gcp: {}, oci: {} }, extraSchema, extraToJson, {
    merge: true,
  }),
  rate_limit: configTable.rate_limit,
  ec: {
    ...configTable.ec,
    // 0 with EC enabled becomes 1.
    data_slices: int(2, { min: 0, max: 32 }),
    parity_slices: int(2, { min: 0, max: 32 }),
  },
  chunks: configTable.chunks,
  mirror: {
    // 1 means: no mirroring.
    copies: int(2, { min: 1, max: 32, zeroIsDefault: true }),
    burst_buffer: configTable.mirror.burst_buffer,
    enabled: configTable.mirror.enabled,
  },
  lru: configTable.lru,
  access: mask(0xffff_ffff_ffff_ffffn),
  features: features(),
  bid: { ...mask(0n), readOnly: true },
  /** Unix nanoseconds. */
  created: { ...mask(0n), readOnly: true },
  versioning: configTable.versioning,
  /** Ours. */
  s3: s3PropsTable,
} as const satisfies Section
