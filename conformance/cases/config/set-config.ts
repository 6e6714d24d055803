import { absent, present } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore docs/configuration.md, cmn/config.go'

const set = (value: JsonValue, status = 200): Step => ({
  send: 'PUT /v1/cluster',
  json: { action: 'set-config', value },
  expect: status === 200 ? { status } : { status, error: {} },
})
const read: Step = {
  send: 'GET /v1/cluster?what=cluster_config',
  expect: { status: 200 },
  save: {
    oldVersion: { json: 'config_version' },
    oldFlush: { json: 'log.flush_time' },
    oldLevel: { json: 'log.level' },
    oldCopies: { json: 'mirror.copies' },
  },
}
const restore: readonly Step[] = [set({ log: { flush_time: '{oldFlush}', level: '{oldLevel}' } })]

const refused: readonly { id: string; value: JsonValue }[] = [
  { id: 'unknown-section', value: { nosuch: { a: 1 } } },
  { id: 'unknown-field', value: { log: { nosuch: 1 } } },
  { id: 'wrong-type', value: { mirror: { copies: 'many' } } },
  { id: 'out-of-range', value: { mirror: { copies: 1000 } } },
  { id: 'bad-duration', value: { log: { flush_time: 'soon' } } },
  { id: 'number-as-duration', value: { log: { flush_time: 10 } } },
  { id: 'duration-out-of-range', value: { periodic: { stats_time: '1000h' } } },
  { id: 'watermarks-crossed', value: { space: { lowwm: 95, highwm: 90 } } },
  { id: 'bad-checksum-type', value: { checksum: { type: 'md6' } } },
]

/** What every configuration has, whatever else. */
const sections = [
  ...[
    'auth',
    'backend',
    'checksum',
    'chunks',
    'client',
    'disk',
    'downloader',
    'ec',
    'features',
    'fshc',
  ],
  ...[
    'get_batch',
    'keepalivetracker',
    'log',
    'lru',
    'memsys',
    'mirror',
    'net',
    'periodic',
    'proxy',
  ],
  ...['rate_limit', 'rebalance', 'resilver', 'space', 'tcb', 'tco', 'timeout', 'transport', 'uuid'],
  ...['versioning', 'write_policy', 'config_version', 'lastupdate_time'],
]

/** Changing the configuration of the cluster. Every case puts back what it found. */
export const setConfigCases: readonly ConformanceCase[] = [
  {
    id: 'config-sections',
    features: ['F21.05'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: {
          status: 200,
          headers: { 'content-type': /^application\/json/ },
          json: Object.fromEntries(sections.map((name) => [name, present])),
        },
      },
    ],
  },
  {
    id: 'config-set-json',
    features: ['F21.01'],
    kind: 'required',
    needs: ['cluster-config'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      set({ log: { flush_time: '41s' } }),
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: {
          status: 200,
          json: { log: { flush_time: '41s', level: '{oldLevel}' }, mirror: { copies: 2 } },
        },
      },
    ],
    cleanUp: restore,
  },
  {
    id: 'config-set-raises-version',
    features: ['F21.01'],
    kind: 'required',
    needs: ['config-set-json'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      set({ log: { flush_time: '42s' } }),
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: {
          status: 200,
          json: { config_version: { rule: 'not', values: ['{oldVersion}'] } },
        },
      },
    ],
    cleanUp: restore,
  },
  {
    id: 'config-set-query',
    features: ['F21.01'],
    kind: 'required',
    needs: ['cluster-config'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      { send: 'PUT /v1/cluster/set-config?log.flush_time=43s', expect: { status: 200 } },
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: { status: 200, json: { log: { flush_time: '43s' } } },
      },
    ],
    cleanUp: restore,
  },
  {
    id: 'config-set-reaches-targets',
    features: ['F21.01', 'F1.04'],
    kind: 'required',
    needs: ['config-set-json'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      set({ log: { flush_time: '44s' } }),
      {
        send: 'GET /v1/reverse/daemon?what=config',
        headers: { 'ais-node-id': '{targetId}' },
        poll: { attemptsMax: 20, everyMs: 100 },
        expect: { status: 200, json: { log: { flush_time: '44s' } } },
      },
    ],
    cleanUp: restore,
  },
  ...refused.map(
    ({ id, value }): ConformanceCase => ({
      id: `config-refuse-${id}`,
      features: ['F21.01', 'F21.05'],
      kind: 'required',
      needs: ['cluster-config'],
      source,
      exclusive: true,
      bucket: 'named',
      steps: [
        read,
        set(value, 400),
        {
          send: 'GET /v1/cluster?what=cluster_config',
          expect: { status: 200, json: { config_version: '{oldVersion}' } },
        },
      ],
    }),
  ),
  {
    id: 'config-all-or-nothing',
    features: ['F21.01'],
    kind: 'required',
    needs: ['config-set-json', 'config-refuse-out-of-range'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      set({ log: { flush_time: '45s' }, mirror: { copies: 1000 } }, 400),
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: {
          status: 200,
          json: { config_version: '{oldVersion}', log: { flush_time: '{oldFlush}' } },
        },
      },
    ],
  },
  {
    id: 'config-all-or-nothing-query',
    features: ['F21.01'],
    kind: 'required',
    needs: ['config-set-query'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      read,
      {
        send: 'PUT /v1/cluster/set-config?log.flush_time=46s&mirror.copies=1000',
        expect: { status: 400, error: {} },
      },
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: { status: 200, json: { log: { flush_time: '{oldFlush}' } } },
      },
    ],
    cleanUp: restore,
  },
  {
    id: 'config-unknown-name-in-query',
    features: ['F21.01'],
    kind: 'required',
    needs: ['config-set-query'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      {
        send: 'PUT /v1/cluster/set-config?{item}',
        forEach: ['nosuch=1', 'log.nosuch=1', 'config_version=99', 'uuid=x'],
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'config-default-checksum-is-inherited',
    features: ['F3.07', 'F21.01'],
    kind: 'required',
    needs: ['config-set-json', 'bucket-create'],
    source,
    exclusive: true,
    bucket: 'named',
    steps: [
      set({ checksum: { type: 'sha256' } }),
      { send: 'POST {bucket}', json: { action: 'create-bck' }, expect: { status: 200 } },
      {
        send: 'HEAD {bucket}',
        expect: { status: 200, headers: { 'ais-bucket-props': /"checksum":\{"type":"sha256"/ } },
      },
    ],
    cleanUp: [set({ checksum: { type: 'xxhash2' } })],
  },
  {
    id: 'config-hides-secrets',
    features: ['F21.01'],
    kind: 'required',
    needs: ['cluster-config'],
    source: 'AIStore docs/configuration.md (masked values)',
    bucket: 'named',
    steps: [
      {
        send: 'GET /v1/cluster?what=cluster_config',
        expect: {
          status: 200,
          json: { auth: { signature: { rule: 'oneOf', values: [absent, { key: /^\*+$/ }] } } },
        },
      },
    ],
  },
]
