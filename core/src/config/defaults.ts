import { z } from 'zod'
import { isCidr } from '../egress/address-guard.ts'
import { checksumTypes } from '../object/checksum.ts'
import { wireVersion } from '../wire/version.ts'
import { authSchema, authToJson } from './auth-config.ts'
import { choice, custom, duration, features, flag, int, size, text, texts } from './field.ts'
import type { Section } from './section.ts'

const kib = 1024
const mib = 1024 * kib
const gib = 1024 * mib
const tib = 1024 * gib
const second = 1_000
const minute = 60 * second
const hour = 60 * minute

const policies = ['immediate', 'delayed', 'never'] as const

/** How a job moves bytes between nodes. */
const transfer = (bundle: number, burst: number) => ({
  compression: choice('never', ['never', 'always']),
  bundle_multiplier: int(bundle, { min: 1, max: 16, zeroIsDefault: true }),
  burst_buffer: int(burst, { min: 32, max: 10_000, zeroIsDefault: true }),
})

const perOperation = text('', {
  omitEmpty: true,
  check: (given) =>
    given === '' || /^(get|put|delete):[0-9]+( (get|put|delete):[0-9]+)*$/i.test(given),
})

const rate = {
  per_op_max_tokens: perOperation,
  interval: duration(minute, { min: second, max: hour, zeroIsDefault: true }),
  max_tokens: int(1_000, { min: 1, max: 2 ** 40, zeroIsDefault: true }),
  enabled: flag(false),
}

// Upstream's are interval 10s, max_keepalive 5s, cplane_operation 2s: ours find a dead node sooner.
const keepalive = {
  name: choice('heartbeat', ['heartbeat']),
  interval: duration(second, { min: second, max: minute, zeroIsDefault: true }),
  factor: int(3, { min: 1, max: 10, zeroIsDefault: true }),
}

const percent = { min: 1, max: 99 }
const batch = int(32_768, { min: 1_024, max: 524_288, zeroIsDefault: true })

/** Any JSON object, kept as it is. */
const freeForm = z.record(z.string(), z.unknown())

/**
 * Every setting of a cluster with its default and its range, in upstream's names and the order of its JSON.
 * `write_policy.durability`, `net.allowed_hosts` `s3` and `lifecycle` are ours. @see AIStore cmn/config.go
 */
export const configTable = {
  write_policy: {
    data: choice('immediate', ['immediate']),
    md: choice('immediate', policies),
    /** `process` survives kill -9 (upstream's level), `disk` survives power loss. */
    durability: choice('process', ['process', 'disk']),
  },
  checksum: {
    type: choice('xxhash2', checksumTypes, 'checksum type'),
    validate_cold_get: flag(false),
    validate_warm_get: flag(false),
    validate_obj_move: flag(false),
    enable_read_range: flag(false),
  },
  tcb: transfer(2, 512),
  tco: transfer(2, 512),
  arch: transfer(2, 512),
  lso: {
    ...transfer(1, 32),
    walk_buffer: int(128, { min: 16, max: 4_096, zeroIsDefault: true }),
    idle_time: duration(20 * second, { min: 5 * second, max: 10 * minute, zeroIsDefault: true }),
    quiescent: duration(5 * second, { min: 2 * second, max: minute, zeroIsDefault: true }),
  },
  rate_limit: {
    backend: { ...rate, num_retries: int(3, { min: 1, max: 10, zeroIsDefault: true }) },
    frontend: { ...rate, burst_size: int(375, { min: 1, zeroIsDefault: true }) },
  },
  keepalivetracker: {
    proxy: keepalive,
    target: keepalive,
    num_retries: int(3, { min: 1, max: 10, zeroIsDefault: true }),
    retry_factor: int(4, { min: 1, max: 10, zeroIsDefault: true }),
  },
  rebalance: {
    ...transfer(2, 1_024),
    dest_retry_time: duration(2 * minute, { min: second, max: 10 * minute, zeroIsDefault: true }),
    enabled: flag(true),
  },
  log: {
    level: text('3', { check: (level) => /^[0-9]{1,7}$/.test(level) }),
    max_size: size(64 * mib, { min: kib, max: gib }),
    max_total: size(512 * mib, { min: mib, max: 10 * gib }),
    flush_time: duration(minute, { min: 1, max: hour, zeroIsDefault: true }),
    stats_time: duration(3 * minute, { min: 1, max: 10 * minute, zeroIsDefault: true }),
    to_stderr: flag(false),
  },
  ec: {
    ...transfer(2, 512),
    /** Up to this many bytes an object gets replicas: -1 always, 0 never. */
    objsize_limit: int(262_144, { min: -1 }),
    data_slices: int(2, { min: 1, max: 32 }),
    parity_slices: int(2, { min: 1, max: 32 }),
    enabled: flag(false),
    disk_only: flag(false),
  },
  get_batch: {
    ...transfer(2, 512),
    max_wait: duration(20 * second, { min: second, max: minute, zeroIsDefault: true }),
    warmup_workers: int(-1, { min: -1, max: 10 }),
    max_soft_errs: int(8, { min: 0, zeroIsDefault: true }),
    max_gfn: int(5, { min: -1, max: 1_000, zeroIsDefault: true }),
  },
  space: {
    cleanupwm: int(65, percent),
    lowwm: int(75, percent),
    highwm: int(90, percent),
    out_of_space: int(95, percent),
    batch_size: batch,
    dont_cleanup_time: duration(2 * hour, { min: 15 * minute }),
  },
  transport: {
    max_header: int(4_096, { min: 512, max: 131_072, zeroIsDefault: true }),
    burst_buffer: int(1_024, { min: 256, max: 4_096, zeroIsDefault: true }),
    idle_teardown: duration(4 * second, { min: second, zeroIsDefault: true }),
    quiescent: duration(10 * second, { min: 8 * second, zeroIsDefault: true }),
    lz4_block: size(256 * kib, {
      min: 256 * kib,
      max: 256 * kib,
      also: [64 * kib, mib, 4 * mib],
    }),
    lz4_frame_checksum: flag(false),
  },
  disk: {
    disk_util_low_wm: int(20, percent),
    disk_util_high_wm: int(80, percent),
    disk_util_max_wm: int(95, { min: 1, max: 100 }),
    iostat_time_long: duration(2 * second, { min: second, max: 20 * second, zeroIsDefault: true }),
    iostat_time_short: duration(100, { min: 10, max: second, zeroIsDefault: true }),
    iostat_time_smooth: duration(8 * second, { min: 0 }),
  },
  fshc: {
    test_files: int(4, { min: 4, zeroIsDefault: true }),
    error_limit: int(2, { min: 2, zeroIsDefault: true }),
    io_err_limit: int(10, { min: 10, zeroIsDefault: true }),
    io_err_time: duration(10 * second, { min: 10 * second, max: minute, zeroIsDefault: true }),
    enabled: flag(true),
  },
  chunks: {
    objsize_limit: size(0, { min: 0 }),
    max_monolithic_size: size(tib, { min: gib, max: tib, zeroIsDefault: true }),
    chunk_size: size(gib, { min: kib, max: 5 * gib, zeroIsDefault: true }),
    checkpoint_every: int(0, { min: 0, max: 1_024, omitEmpty: true }),
    flags: int(0, { min: 0, omitEmpty: true }),
  },
  lru: {
    dont_evict_time: duration(2 * hour, { min: hour }),
    capacity_upd_time: duration(10 * minute, { min: 10 * second }),
    batch_size: batch,
    enabled: flag(false),
  },
  mirror: {
    copies: int(2, { min: 2, max: 32, zeroIsDefault: true }),
    burst_buffer: int(512, { min: 1, zeroIsDefault: true }),
    enabled: flag(false),
  },
  periodic: {
    stats_time: duration(10 * second, { min: second, max: minute }),
    retry_sync_time: duration(2 * second, { min: 10, max: 10 * second }),
    notif_time: duration(30 * second, { min: second, max: minute }),
  },
  client: {
    client_timeout: duration(10 * second, { min: second, max: 30 * minute }),
    client_long_timeout: duration(5 * minute, { min: second, max: 30 * minute }),
    list_timeout: duration(5 * minute, { min: second, max: 30 * minute }),
  },
  downloader: {
    timeout: duration(hour, { min: second, max: hour }),
    /** Networks that downloads may reach although they are not public. */
    allow_cidrs: texts([], { omitEmpty: true, check: isCidr }),
  },
  auth: custom({ client_auth_required: false }, authSchema, authToJson, { merge: true }),
  backend: custom<Record<string, unknown>>({}, freeForm, (given) => given),
  tracing: custom<Record<string, unknown> | undefined>(undefined, freeForm, (given) => given, {
    omitEmpty: true,
  }),
  distributed_sort: custom<Record<string, unknown> | undefined>(
    undefined,
    freeForm,
    (given) => given,
    { omitEmpty: true },
  ),
  uuid: text('', { readOnly: true }),
  lastupdate_time: text('', { readOnly: true }),
  proxy: {
    primary_url: text(''),
    original_url: text(''),
    discovery_url: text(''),
    non_electable: flag(false),
  },
  net: {
    l4: {
      proto: choice('tcp', ['tcp']),
      sndrcv_buf_size: int(131_072, { min: 0, max: 64 * mib }),
    },
    http: {
      server_crt: text(''),
      server_key: text(''),
      client_ca_tls: text(''),
      client_auth_tls: int(0, { min: 0, max: 4 }),
      domain_tls: text('', { check: (given) => given === '' }),
      idle_conn_time: duration(6 * second, { min: 0, max: 30 * second, zeroIsDefault: true }),
      backend_idle_conn_time: duration(6 * second, { min: 0, zeroIsDefault: true }),
      idle_conns_per_host: int(32, { min: 0, max: 4_096 }),
      idle_conns: int(256, { min: 0, max: 4_096 }),
      write_buffer_size: int(65_536, { min: 0, max: 64 * mib }),
      read_buffer_size: int(65_536, { min: 0, max: 64 * mib }),
      use_https: flag(false),
      skip_verify: flag(false),
      chunked_transfer: flag(true),
    },
    use_ipv6: flag(false),
    /** Names a `Host` header may carry besides loopback and the bound address, while client auth is off. */
    allowed_hosts: texts([], { omitEmpty: true }),
  },
  timeout: {
    cplane_operation: duration(500, { min: 10, max: 30 * second }),
    max_keepalive: duration(second, { min: 20, max: minute }),
    max_host_busy: duration(20 * second, { min: 10 * second }),
    startup_time: duration(minute, { min: 30 * second }),
    join_startup_time: duration(3 * minute, { min: minute }),
    send_file_time: duration(5 * minute, { min: minute }),
    /** Negative: never. */
    ec_streams_time: duration(10 * minute, { min: 5 * minute, also: [-1] }),
    object_md: duration(2 * hour, { min: 20 * minute, max: 16 * hour, zeroIsDefault: true }),
    cold_get_conflict: duration(5 * second, { min: second, zeroIsDefault: true }),
  },
  memsys: {
    min_free: size(2 * gib, { min: 100 * mib }),
    default_buf: size(32 * kib, { min: 4 * kib, max: 128 * kib }),
    to_gc: size(4 * gib, { min: 0, max: tib }),
    hk_time: duration(3 * minute, { min: 0, max: hour }),
    min_pct_total: int(0, { min: 0, max: 95 }),
    min_pct_free: int(0, { min: 0, max: 95 }),
  },
  features: features(),
  config_version: custom(0, wireVersion, String, { readOnly: true }),
  versioning: {
    enabled: flag(true),
    validate_warm_get: flag(false),
    synchronize: flag(false),
  },
  resilver: { enabled: flag(true) },
  s3: {
    /** Ours. `aistore` destroys buckets that are not empty, completes uploads of small parts and takes AIStore's bucket names. */
    semantics: choice('amazon', ['amazon', 'aistore']),
    /** Ours. Calls of S3 that a gateway deals with at once, on its port and below `/s3` each; more are told to slow down. */
    calls_max: int(1_024, { min: 1, max: 1_000_000 }),
    /** Ours. How the `User-Agent` of clients begins that follow 307: their GET, HEAD and PUT of objects are redirected. */
    redirect_agents: texts([], { check: (name) => name !== '' }),
  },
  lifecycle: {
    /** Ours. What a day lasts that S3's lifecycles count; fewer seconds are for tests, of clusters that began with them. */
    day_seconds: { ...int(86_400, { min: 1, max: 86_400 }), readOnly: true },
  },
} as const satisfies Section
