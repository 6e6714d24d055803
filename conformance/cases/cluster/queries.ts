import {
  absent,
  atLeast,
  decimal,
  each,
  integer,
  type Matcher,
  mapOf,
  oneOf,
  text,
} from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (cluster), core/meta/smap.go'

const netInfo = { node_ip_addr: text, daemon_port: decimal, direct_url: /^https?:\/\// }
const snode = (type: string): Matcher => ({
  public_net: netInfo,
  intra_control_net: netInfo,
  intra_data_net: netInfo,
  daemon_type: type,
  daemon_id: /^[A-Za-z0-9_.-]{8,32}$/,
  flags: integer,
  id_digest: integer,
})
const smap: Matcher = {
  pmap: mapOf(snode('proxy')),
  tmap: mapOf(snode('target')),
  proxy_si: snode('proxy'),
  uuid: text,
  creation_time: text,
  // Every node that joined has raised it.
  version: /^[1-9]\d*$/,
}
const memCpu = {
  mem_used: integer,
  mem_avail: integer,
  load_avg: { One: atLeast(0), Five: atLeast(0), Fifteen: atLeast(0) },
}

const query = (id: string, what: string, features: string[], json: Matcher): ConformanceCase => ({
  id: `cluster-${id}`,
  features,
  kind: 'required',
  source,
  steps: [
    {
      send: `GET /v1/cluster?what=${what}`,
      expect: {
        status: 200,
        headers: { 'content-type': /^application\/json/, 'content-length': decimal },
        json,
      },
    },
  ],
})

/** What the cluster tells of itself. */
export const clusterQueryCases: readonly ConformanceCase[] = [
  query('smap', 'smap', ['F1.02', 'F17.05'], smap),
  {
    id: 'cluster-smap-digests',
    features: ['F1.05', 'F22.10'],
    kind: 'required',
    needs: ['cluster-smap'],
    source: 'AIStore core/meta/hrw.go: id_digest is a 64-bit number, exact to the last bit',
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        expect: { status: 200, checks: ['smap-digests'] },
      },
      {
        send: 'GET /v1/daemon?what=smap',
        expect: { status: 200, checks: ['smap-digests'] },
      },
    ],
  },
  {
    id: 'cluster-bmd',
    features: ['F3.03', 'F17.05'],
    kind: 'required',
    needs: ['bucket-create'],
    source: 'AIStore core/meta/bmd.go',
    steps: [
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: {
          status: 200,
          json: {
            uuid: text,
            version: decimal,
            providers: {
              ais: {
                '@#': { '{bucketName}': { provider: 'ais', bid: decimal, created: decimal } },
              },
            },
          },
        },
      },
    ],
  },
  query('snode', 'snode', ['F17.05'], snode('proxy')),
  query('config', 'cluster_config', ['F21.01', 'F21.05'], {
    uuid: text,
    config_version: decimal,
    lastupdate_time: text,
    checksum: { type: text, validate_warm_get: oneOf(true, false) },
    versioning: { enabled: oneOf(true, false) },
    mirror: { copies: atLeast(1) },
    ec: { data_slices: atLeast(1), parity_slices: atLeast(1) },
    lru: { dont_evict_time: /^\d+[hms]/ },
    space: { lowwm: integer, highwm: integer, out_of_space: integer },
    timeout: { max_keepalive: /\d+m?s/, cplane_operation: /\d+m?s/ },
    keepalivetracker: { proxy: { name: 'heartbeat' }, target: { name: 'heartbeat' } },
    net: { http: { use_https: false } },
    auth: { client_auth_required: oneOf(true, false) },
    features: decimal,
    log: { level: text },
    periodic: { stats_time: text },
    rebalance: { enabled: oneOf(true, false) },
    resilver: { enabled: oneOf(true, false) },
    chunks: { chunk_size: text },
    rate_limit: { frontend: { enabled: oneOf(true, false) } },
    write_policy: { data: 'immediate', md: text },
    get_batch: { max_wait: text },
    transport: { max_header: integer },
  }),
  query('node-stats', 'node_stats', ['F17.05'], {
    proxy: { snode: snode('proxy'), tracker: {} },
    target: mapOf({ snode: snode('target'), tracker: {}, capacity: { mountpaths: mapOf({}) } }),
  }),
  query('sysinfo', 'sysinfo', ['F17.05'], {
    proxy: {},
    target: mapOf({ ...memCpu, fs_used: decimal, fs_capacity: decimal }),
  }),
  query('mountpaths', 'mountpaths', ['F17.05'], {
    targets: mapOf({ available: each(text), disabled: each(text), waiting_dd: each(text) }),
  }),
  query('backends', 'backends', ['F7.01'], each(text)),
  query('remote', 'remote', ['F17.05'], { a: oneOf(null, each({ uuid: text })), ver: integer }),
  {
    id: 'cluster-target-ips',
    features: ['F17.05'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=target_ips',
        expect: { status: 200, body: /^"?[^,\s]+(,[^,\s]+)*"?\n?$/ },
      },
    ],
  },
  {
    id: 'cluster-smap-stays-the-same',
    features: ['F1.02'],
    kind: 'required',
    needs: ['cluster-smap'],
    source,
    exclusive: true,
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        expect: { status: 200 },
        save: { smapVersion: { json: 'version' }, smapUuid: { json: 'uuid' } },
      },
      {
        send: 'GET /v1/daemon?what=smap',
        expect: { status: 200, json: { version: '{smapVersion}', uuid: '{smapUuid}' } },
      },
    ],
  },
  {
    id: 'cluster-bmd-version-grows',
    features: ['F1.03', 'F3.03'],
    kind: 'required',
    needs: ['cluster-bmd'],
    source: 'AIStore core/meta/bmd.go',
    exclusive: true,
    bucket: 'named',
    steps: [
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: { status: 200 },
        save: { bmdUuid: { json: 'uuid' } },
      },
      { send: 'POST {bucket}', json: { action: 'create-bck' }, expect: { status: 200 } },
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: {
          status: 200,
          json: { uuid: '{bmdUuid}', providers: { ais: { '@#': { '{bucketName}': {} } } } },
        },
      },
      { send: 'DELETE {bucket}', json: { action: 'destroy-bck' }, expect: { status: 200 } },
      {
        send: 'GET /v1/cluster?what=bmd',
        expect: {
          status: 200,
          json: { providers: { ais: { '@#': { '{bucketName}': absent } } } },
        },
      },
    ],
  },
  {
    id: 'cluster-unknown-queries',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what={item}',
        forEach: ['nosuch', 'config', ''],
        expect: { status: 400, error: {} },
      },
      { send: 'GET /v1/cluster', expect: { status: 400, error: {} } },
    ],
  },
  {
    id: 'cluster-unknown-action',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      { send: 'PUT /v1/cluster', json: { action: 'nosuch' }, expect: { status: 400, error: {} } },
    ],
  },
  {
    id: 'cluster-unknown-path',
    features: ['F4.20'],
    kind: 'required',
    source,
    deviation: 'an unknown PUT path is answered 200 and nothing is done',
    steps: [
      { send: 'PUT /v1/cluster/nosuch', expect: { status: [400, 404], error: {} } },
      {
        send: 'PUT /v1/cluster/nosuch',
        json: { action: 'set-config', value: {} },
        expect: { status: [400, 404], error: {} },
      },
    ],
  },
  {
    id: 'cluster-stores-no-objects-on-proxies',
    features: ['F1.01'],
    kind: 'required',
    needs: ['cluster-smap'],
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        expect: {
          status: 200,
          json: { proxy_si: { daemon_id: '{primaryId}' }, pmap: { '{primaryId}': {} } },
        },
      },
      {
        send: 'GET /v1/cluster?what=mountpaths',
        expect: { status: 200, json: { targets: { '{primaryId}': absent, '{targetId}': {} } } },
      },
    ],
  },
]
