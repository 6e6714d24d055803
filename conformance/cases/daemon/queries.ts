import {
  absent,
  decimal,
  each,
  integer,
  type Matcher,
  mapOf,
  oneOf,
  text,
} from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (daemon), api/daemon.go'
const node = { 'ais-node-id': '{targetId}' }

/** Answers that a proxy and a target give of themselves, and a gateway for a target. */
const queries: readonly { what: string; proxy: Matcher; target: Matcher }[] = [
  {
    what: 'config',
    proxy: { confdir: text, host_net: { port: decimal }, uuid: text, config_version: decimal },
    target: { fspaths: mapOf(text), host_net: { port: decimal }, confdir: text },
  },
  {
    what: 'smap',
    proxy: { version: decimal, proxy_si: { daemon_id: '{primaryId}' } },
    target: { version: decimal, tmap: { '{targetId}': { daemon_type: 'target' } } },
  },
  {
    what: 'bmd',
    proxy: { version: decimal, uuid: text },
    target: { providers: { ais: { '@#': { '{bucketName}': { provider: 'ais' } } } } },
  },
  {
    what: 'snode',
    proxy: { daemon_type: 'proxy', public_net: { direct_url: /^http/ } },
    target: { daemon_type: 'target', daemon_id: '{targetId}' },
  },
  {
    what: 'node_stats',
    proxy: { snode: { daemon_type: 'proxy' }, tracker: {} },
    target: { snode: { daemon_id: '{targetId}' }, tracker: {}, capacity: { pct_max: integer } },
  },
  {
    what: 'node_status',
    proxy: {
      snode: { daemon_type: 'proxy' },
      ais_version: /^\d+\.\d+/,
      cluster: { smap: { version: decimal } },
      sys_info: {},
      smap_version: decimal,
    },
    target: {
      snode: { daemon_id: '{targetId}' },
      status: text,
      ais_version: /^\d+\.\d+/,
      capacity: { mountpaths: mapOf({ used: decimal, avail: decimal, pct_used: integer }) },
      cluster: { flags: oneOf(integer, decimal) },
    },
  },
  {
    what: 'sysinfo',
    proxy: { mem_used: integer, load_avg: {} },
    target: { mem_used: integer, fs_capacity: decimal },
  },
  {
    what: 'metrics',
    proxy: mapOf(text),
    target: { 'get.n': 'counter', 'put.n': 'counter' },
  },
]

const targetOnly: readonly { what: string; target: Matcher }[] = [
  {
    what: 'mountpaths',
    target: { available: each(text), waiting_dd: each(text), disabled: each(text) },
  },
  { what: 'disk', target: { AllDiskStats: {}, mountpaths: mapOf({}) } },
]

/** What a node tells of itself. */
export const daemonQueryCases: readonly ConformanceCase[] = [
  ...queries.flatMap(({ what, proxy, target }): ConformanceCase[] => [
    {
      id: `daemon-proxy-${what}`,
      features: ['F17.05'],
      kind: 'required',
      source,
      steps: [{ send: `GET /v1/daemon?what=${what}`, expect: { status: 200, json: proxy } }],
    },
    {
      id: `daemon-target-${what}`,
      features: ['F17.05'],
      kind: 'required',
      source,
      capabilities: ['direct-targets'],
      steps: [
        {
          send: `GET /v1/daemon?what=${what}`,
          at: 'target',
          expect: { status: 200, json: target },
        },
      ],
    },
    {
      id: `daemon-reverse-${what}`,
      features: ['F4.21', 'F17.05'],
      kind: 'required',
      source,
      steps: [
        {
          send: `GET /v1/reverse/daemon?what=${what}`,
          headers: node,
          expect: { status: 200, json: target },
        },
      ],
    },
  ]),
  ...targetOnly.map(
    ({ what, target }): ConformanceCase => ({
      id: `daemon-reverse-${what}`,
      features: ['F4.21', 'F17.05'],
      kind: 'required',
      source,
      steps: [
        {
          send: `GET /v1/reverse/daemon?what=${what}`,
          headers: node,
          expect: { status: 200, json: target },
        },
      ],
    }),
  ),
  {
    id: 'daemon-software-version',
    features: ['F17.05'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/daemon?what=software_version',
        expect: { status: 200, body: /^"?\d+\.\d+/ },
      },
      {
        send: 'GET /v1/reverse/daemon?what=software_version',
        headers: node,
        expect: { status: 200, body: /^"?\d+\.\d+/ },
      },
    ],
  },
  {
    id: 'daemon-log',
    features: ['F17.07'],
    kind: 'required',
    source,
    steps: [
      { send: 'GET /v1/daemon?what=log&severity=info', expect: { status: 200 } },
      {
        send: 'GET /v1/reverse/daemon?what=log&severity=info',
        headers: node,
        expect: { status: 200 },
      },
    ],
  },
  {
    id: 'daemon-unknown-query',
    features: ['F4.20'],
    kind: 'required',
    source,
    steps: [
      { send: 'GET /v1/daemon?what=nosuch', expect: { status: 400, error: {} } },
      { send: 'GET /v1/daemon', expect: { status: 400, error: {} } },
      {
        send: 'GET /v1/reverse/daemon?what=nosuch',
        headers: node,
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'daemon-reverse-without-node',
    features: ['F4.21', 'F4.20'],
    kind: 'required',
    source: 'AIStore ais/prxrev.go',
    steps: [{ send: 'GET /v1/reverse/daemon?what=snode', expect: { status: 400, error: {} } }],
  },
  {
    id: 'daemon-reverse-unknown-node',
    features: ['F4.21', 'F4.20'],
    kind: 'required',
    source: 'AIStore ais/prxrev.go',
    steps: [
      {
        send: 'GET /v1/reverse/daemon?what=snode',
        headers: { 'ais-node-id': 'nosuchnode' },
        expect: { status: 404, error: {} },
      },
    ],
  },
  {
    id: 'daemon-status-msgpack',
    features: ['F4.21', 'F17.05'],
    kind: 'required',
    source: 'AIStore api/stats.go: its own client asks for msgpack',
    steps: [
      {
        send: 'GET /v1/reverse/daemon?what=node_status',
        headers: { 'ais-node-id': '{targetId}', accept: 'application/msgpack' },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: { s: /.*/, n: { i: '{targetId}', t: 'target' }, x: { p: absent }, c: {}, y: {} },
        },
      },
      {
        send: 'GET /v1/reverse/daemon?what=node_stats',
        headers: { 'ais-node-id': '{targetId}', accept: 'application/msgpack;q=0.9, */*' },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: { n: { i: '{targetId}' }, t: {}, x: {} },
        },
      },
      {
        send: 'GET /v1/reverse/daemon?what=node_status',
        headers: { 'ais-node-id': '{proxyId}', accept: 'application/msgpack' },
        expect: { status: 200, msgpack: { n: { t: 'proxy' }, x: { m: {} } } },
      },
      {
        send: 'GET /v1/reverse/daemon?what=disk',
        headers: { 'ais-node-id': '{targetId}', accept: 'application/msgpack' },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/msgpack' },
          msgpack: { AllDiskStats: {} },
        },
      },
      {
        send: 'GET /v1/reverse/daemon?what=snode',
        headers: { 'ais-node-id': '{targetId}', accept: 'application/msgpack' },
        expect: { status: 200, json: { daemon_id: '{targetId}' } },
      },
    ],
  },
  {
    id: 'daemon-changes-refused-by-target-directly',
    features: ['F16.02'],
    kind: 'required',
    source: 'AIStore ais/tgtcp.go: the public network of a target only reads',
    capabilities: ['direct-targets'],
    steps: [
      {
        send: 'PUT /v1/daemon',
        at: 'target',
        json: { action: 'set-config', value: { log: { level: '4' } } },
        expect: { status: [400, 403, 405] },
      },
    ],
  },
  {
    id: 'daemon-caller-header-is-refused',
    features: ['F16.02'],
    kind: 'required',
    source: 'AIStore ais/htrun.go: no internal caller on the public network',
    steps: [
      {
        send: 'GET /v1/cluster?what=smap',
        headers: { 'ais-caller-id': '{targetId}' },
        expect: { status: 403 },
      },
      {
        send: 'GET {bucket}',
        headers: { 'ais-caller-id': '{targetId}', 'ais-caller-name': 't[{targetId}]' },
        json: { action: 'list', value: {} },
        expect: { status: 403 },
      },
    ],
  },
  ...['metasync', 'txn/x/begin', 'vote/init', 'notifs/finished/x', 'ic', 'xactions', 'ec'].map(
    (path): ConformanceCase => ({
      id: `daemon-internal-not-public-${path.split('/')[0]}`,
      features: ['F16.02'],
      kind: 'required',
      source: 'AIStore ais/prxconf.go: handlers of the intra-control network',
      steps: [
        {
          send: `PUT /v1/${path}`,
          json: {},
          expect: { status: [400, 401, 403, 404, 405] },
        },
      ],
    }),
  ),
]
