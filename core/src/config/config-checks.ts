import { providers } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import { formatGoDuration } from '../wire/go-duration.ts'
import { formatSizeIec } from '../wire/size-iec.ts'
import type { ClusterConfig } from './cluster-config.ts'
import { hasFeature } from './features.ts'
import { requiresTags } from './redirect-auth.ts'

function must(holds: boolean, message: string): void {
  if (!holds) throw new AisError('ErrBadRequest', `invalid configuration: ${message}`)
}

/**
 * The rules that tie two settings together.
 * @throws AisError `ErrBadRequest` naming both
 */
export function checkClusterConfig(config: ClusterConfig): void {
  checkTimes(config)
  checkSpace(config)
  checkNet(config)
  checkBackends(config.backend)
  const { log, chunks, rate_limit, versioning } = config
  must(
    log.max_total >= 2 * log.max_size,
    `log.max_total=${formatSizeIec(log.max_total)} must be at least twice log.max_size=${formatSizeIec(log.max_size)}`,
  )
  must(
    chunks.objsize_limit <= chunks.max_monolithic_size,
    `chunks.objsize_limit=${formatSizeIec(chunks.objsize_limit)} cannot be greater than chunks.max_monolithic_size=${formatSizeIec(chunks.max_monolithic_size)}`,
  )
  checkRate(rate_limit)
  checkVersioning(versioning)
  checkRebuild(config)
}

/** With `S3-Redirect-Rebuild` targets take what no gateway vouched for. */
function checkRebuild({ features, auth }: ClusterConfig): void {
  const isRebuilt = hasFeature(features, 'S3-Redirect-Rebuild')
  must(
    !isRebuilt || !auth.client_auth_required,
    'features: "S3-Redirect-Rebuild" cannot be combined with auth.client_auth_required',
  )
  must(
    !isRebuilt || !requiresTags(auth),
    'features: "S3-Redirect-Rebuild" cannot be combined with auth.intra_cluster.request_auth',
  )
}

function checkTimes({ timeout, keepalivetracker, client, lso }: ClusterConfig): void {
  const show = formatGoDuration
  must(
    timeout.max_keepalive >= 2 * timeout.cplane_operation,
    `timeout.max_keepalive=${show(timeout.max_keepalive)} must be at least twice timeout.cplane_operation=${show(timeout.cplane_operation)}`,
  )
  must(
    timeout.join_startup_time >= 2 * timeout.startup_time,
    `timeout.join_startup_time=${show(timeout.join_startup_time)} must be at least twice timeout.startup_time=${show(timeout.startup_time)}`,
  )
  must(
    timeout.cold_get_conflict <= timeout.max_host_busy,
    `timeout.cold_get_conflict=${show(timeout.cold_get_conflict)} cannot be greater than timeout.max_host_busy=${show(timeout.max_host_busy)}`,
  )
  for (const role of ['proxy', 'target'] as const) {
    const { interval, factor } = keepalivetracker[role]
    must(
      interval * factor <= 120_000,
      `keepalivetracker.${role}.interval=${show(interval)} times keepalivetracker.${role}.factor=${factor} exceeds 2m`,
    )
    must(
      interval >= timeout.max_keepalive,
      `keepalivetracker.${role}.interval=${show(interval)} cannot be less than timeout.max_keepalive=${show(timeout.max_keepalive)}`,
    )
  }
  must(
    client.client_long_timeout >= client.client_timeout,
    `client.client_long_timeout=${show(client.client_long_timeout)} cannot be less than client.client_timeout=${show(client.client_timeout)}`,
  )
  must(
    lso.quiescent < lso.idle_time,
    `lso.quiescent=${show(lso.quiescent)} must be less than lso.idle_time=${show(lso.idle_time)}`,
  )
}

function checkSpace({ space, disk }: ClusterConfig): void {
  must(
    space.cleanupwm < space.lowwm &&
      space.lowwm < space.highwm &&
      space.highwm < space.out_of_space,
    `space.cleanupwm=${space.cleanupwm} < space.lowwm=${space.lowwm} < space.highwm=${space.highwm} < space.out_of_space=${space.out_of_space} must hold`,
  )
  must(
    disk.disk_util_low_wm < disk.disk_util_high_wm &&
      disk.disk_util_high_wm < disk.disk_util_max_wm,
    `disk.disk_util_low_wm=${disk.disk_util_low_wm} < disk.disk_util_high_wm=${disk.disk_util_high_wm} < disk.disk_util_max_wm=${disk.disk_util_max_wm} must hold`,
  )
  must(
    disk.iostat_time_long >= disk.iostat_time_short,
    'disk.iostat_time_long cannot be shorter than disk.iostat_time_short',
  )
}

function checkNet({ net: { http } }: ClusterConfig): void {
  must(
    !http.use_https || (http.server_crt !== '' && http.server_key !== ''),
    'net.http.use_https=true needs net.http.server_crt and net.http.server_key',
  )
  must(
    (http.server_crt === '') === (http.server_key === ''),
    'net.http.server_crt and net.http.server_key must both be set, or neither',
  )
  must(
    http.client_auth_tls < 3 || http.client_ca_tls !== '',
    `net.http.client_auth_tls=${http.client_auth_tls} needs net.http.client_ca_tls`,
  )
}

/** The rules of `rate_limit`, for clusters and buckets. @throws AisError `ErrBadRequest` */
export function checkRate({ frontend }: ClusterConfig['rate_limit']): void {
  must(
    frontend.burst_size <= frontend.max_tokens / 2,
    `rate_limit.frontend.burst_size=${frontend.burst_size} exceeds half of rate_limit.frontend.max_tokens=${frontend.max_tokens}`,
  )
}

/** @throws AisError `ErrBadRequest` */
export function checkVersioning(versioning: ClusterConfig['versioning']): void {
  must(
    versioning.enabled || !versioning.validate_warm_get,
    'versioning.validate_warm_get requires versioning.enabled',
  )
}

function checkBackends(backend: ClusterConfig['backend']): void {
  for (const [name, value] of Object.entries(backend)) {
    must((providers as readonly string[]).includes(name), `backend: unknown provider "${name}"`)
    if (name !== 'ais' || typeof value !== 'object' || value === null) continue
    for (const [alias, urls] of Object.entries(value)) {
      must(
        Array.isArray(urls) && urls.length > 0 && urls.every((url) => typeof url === 'string'),
        `backend.ais: no URL to reach remote cluster "${alias}"`,
      )
    }
  }
}
