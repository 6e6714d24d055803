import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore docs/configuration.md "Cluster and node configuration"'

/** Settings of one target, asked and changed through a gateway. */
const ofTarget = { 'ais-node-id': '{targetId}' }

const shows = (log: JsonValue): Step => ({
  send: 'GET /v1/reverse/daemon?what=config',
  headers: ofTarget,
  poll: { attemptsMax: 20, everyMs: 100 },
  expect: { status: 200, json: { log } },
})
const setNode = (settings: string): Step => ({
  send: `PUT /v1/reverse/daemon/set-config?${settings}`,
  headers: ofTarget,
  expect: { status: 200 },
})
const resetNode: Step = {
  send: 'PUT /v1/reverse/daemon',
  headers: ofTarget,
  json: { action: 'reset-config' },
  expect: { status: 200 },
}
const readCluster: Step = {
  send: 'GET /v1/cluster?what=cluster_config',
  expect: { status: 200 },
  save: { oldFlush: { json: 'log.flush_time' }, oldStats: { json: 'log.stats_time' } },
}
const resetCluster: Step = {
  send: 'PUT /v1/cluster',
  json: { action: 'reset-config' },
  expect: { status: 200 },
}
const restoreCluster: Step = {
  send: 'PUT /v1/cluster/set-config?log.flush_time={oldFlush}',
  expect: { status: 200 },
}

const shared = {
  kind: 'required',
  source,
  exclusive: true,
  bucket: 'named',
} as const

/** What one node may have for itself, and what is kept in memory only. Every case puts back what it found. */
export const nodeConfigCases: readonly ConformanceCase[] = [
  {
    ...shared,
    id: 'config-node-set-query',
    features: ['F21.02'],
    needs: ['cluster-config'],
    steps: [
      readCluster,
      setNode('log.flush_time=51s'),
      shows({ flush_time: '51s' }),
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: { status: 200, json: { log: { flush_time: '{oldFlush}' } } },
      },
    ],
    cleanUp: [resetNode],
  },
  {
    ...shared,
    id: 'config-node-set-json',
    features: ['F21.02'],
    needs: ['cluster-config'],
    steps: [
      {
        send: 'PUT /v1/reverse/daemon',
        headers: ofTarget,
        json: { action: 'set-config', value: { log: { flush_time: '52s' } } },
        expect: { status: 200 },
      },
      shows({ flush_time: '52s' }),
    ],
    cleanUp: [resetNode],
  },
  {
    ...shared,
    id: 'config-node-override-survives-cluster-update',
    features: ['F21.02'],
    needs: ['config-node-set-query', 'config-set-query'],
    steps: [
      readCluster,
      setNode('log.flush_time=53s'),
      {
        send: 'PUT /v1/cluster/set-config?log.flush_time=54s&log.stats_time=2m',
        expect: { status: 200 },
      },
      shows({ flush_time: '53s', stats_time: '2m' }),
    ],
    cleanUp: [
      resetNode,
      restoreCluster,
      {
        send: 'PUT /v1/cluster/set-config?log.stats_time={oldStats}',
        expect: { status: 200 },
      },
    ],
  },
  {
    ...shared,
    id: 'config-node-reset',
    features: ['F21.03'],
    needs: ['config-node-set-query'],
    steps: [
      readCluster,
      setNode('log.flush_time=55s'),
      setNode('log.stats_time=4m&transient=true'),
      resetNode,
      shows({ flush_time: '{oldFlush}', stats_time: '{oldStats}' }),
    ],
  },
  {
    ...shared,
    id: 'config-node-refuse-cluster-scope',
    features: ['F21.02'],
    needs: ['config-node-set-query'],
    steps: [
      {
        send: 'PUT /v1/reverse/daemon/set-config?{item}',
        headers: ofTarget,
        forEach: [
          'mirror.copies=3',
          'ec.enabled=true',
          'checksum.type=md5',
          'net.use_ipv6=true',
          'features=16',
          'versioning.enabled=false',
          'auth.client_auth_required=true',
          'periodic.stats_time=11s&transient=true',
          'log.flush_time=56s&mirror.copies=3',
        ],
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    ...shared,
    id: 'config-node-refuse-bad-settings',
    features: ['F21.02'],
    needs: ['config-node-set-query'],
    steps: [
      readCluster,
      {
        send: 'PUT /v1/reverse/daemon/set-config?{item}',
        headers: ofTarget,
        forEach: [
          'nosuch=1',
          'log.nosuch=1',
          'log=1',
          'config_version=9',
          'fspaths=x',
          'disk.disk_util_low_wm=abc',
          'disk.disk_util_low_wm=99',
          'log.level=zz',
          'transient=true',
        ],
        expect: { status: 400, error: {} },
      },
      shows({ flush_time: '{oldFlush}' }),
    ],
  },
  {
    ...shared,
    id: 'config-node-not-on-public-target',
    features: ['F21.02'],
    capabilities: ['direct-targets'],
    needs: ['cluster-config'],
    steps: [
      {
        send: 'PUT /v1/daemon/set-config?log.flush_time=57s',
        at: 'target',
        expect: { status: 403, error: {} },
      },
    ],
  },
  {
    ...shared,
    id: 'config-transient',
    features: ['F21.03'],
    needs: ['config-set-query'],
    steps: [
      readCluster,
      {
        send: 'PUT /v1/cluster/set-config?log.flush_time=58s&transient=true',
        expect: { status: 200 },
      },
      shows({ flush_time: '58s' }),
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: { status: 200, json: { log: { flush_time: '58s' } } },
      },
      {
        send: 'PUT /v1/cluster?transient=true',
        json: { action: 'set-config', value: { log: { flush_time: '59s' } } },
        expect: { status: 200 },
      },
      shows({ flush_time: '59s' }),
      resetCluster,
      shows({ flush_time: '{oldFlush}' }),
    ],
    cleanUp: [resetCluster],
  },
  {
    ...shared,
    id: 'config-transient-refused',
    features: ['F21.03'],
    needs: ['config-transient'],
    steps: [
      {
        send: 'PUT /v1/cluster/set-config?{item}&transient=true',
        forEach: [
          'auth.client_auth_required=true',
          'memsys.hk_time=4m',
          'net.use_ipv6=true',
          'keepalivetracker.target.interval=11s',
          'timeout.max_keepalive=6s',
        ],
        expect: { status: 501, error: { tcode: 'ErrUnsupp' } },
      },
      {
        send: 'PUT /v1/cluster/set-config?{item}&transient=true',
        forEach: ['mirror.copies=3', 'features=16', 'nosuch=1', 'disk.disk_util_low_wm=99'],
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    ...shared,
    id: 'config-reset',
    features: ['F21.03'],
    needs: ['config-node-set-query', 'config-set-query'],
    steps: [
      readCluster,
      { send: 'PUT /v1/cluster/set-config?log.flush_time=49s', expect: { status: 200 } },
      setNode('log.flush_time=50s'),
      resetCluster,
      shows({ flush_time: '49s' }),
    ],
    cleanUp: [restoreCluster],
  },
]
