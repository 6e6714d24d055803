import { text } from '../../runner/matching/matcher.ts'
import type { ConformanceCase, Step } from '../../runner/model/case.ts'
import type { JsonValue } from '../../runner/model/json-value.ts'

const source = 'AIStore docs/lifecycle_node.md, api/apc/actmsg.go ActValRmNode, ais/prxcycle.go'

const shared = { kind: 'required', source, exclusive: true, bucket: 'named' } as const

const act = (action: string, value: JsonValue): Step => ({
  send: 'PUT /v1/cluster',
  json: { action, value },
  expect: { status: 200 },
})
const refused = (action: string, value: JsonValue, status: number | readonly number[]): Step => ({
  send: 'PUT /v1/cluster',
  json: { action, value },
  expect: { status, error: {} },
})

/** What the map says of the primary, for later steps. */
const readMap: Step = {
  send: 'GET /v1/cluster?what=smap',
  expect: { status: 200, json: { version: text } },
  save: { primaryId: { json: 'proxy_si.daemon_id' }, version: { json: 'version' } },
}
const sameMap: Step = {
  send: 'GET /v1/cluster?what=smap',
  expect: {
    status: 200,
    json: { version: '{version}', proxy_si: { daemon_id: '{primaryId}' } },
  },
}
const statusIs = (status: string): Step => ({
  send: 'GET /v1/reverse/daemon?what=node_status',
  headers: { 'ais-node-id': '{targetId}' },
  poll: { attemptsMax: 50, everyMs: 100 },
  expect: { status: 200, json: { status } },
})

/** A rebalance is under way: 409 until it has come to its end. */
const unlessBusy = (step: Step): Step => ({ ...step, poll: { attemptsMax: 240, everyMs: 500 } })
const readable: Step = {
  send: 'GET {object}',
  poll: { attemptsMax: 100, everyMs: 100 },
  expect: { status: 200, body: 'moves along' },
}

const target = { sid: '{targetId}', skip_rebalance: true }

/** Who is in service and who leads, as far as a cluster in use can be asked. Every case puts back what it found. */
export const membershipCases: readonly ConformanceCase[] = [
  {
    ...shared,
    id: 'membership-maintenance',
    features: ['F2.02', 'F2.05'],
    needs: ['cluster-smap'],
    capabilities: ['two-targets', 'direct-targets'],
    steps: [
      act('start-maintenance', target),
      statusIs('maintenance'),
      { send: 'GET /v1/health?readiness=true', at: 'target', expect: { status: 503 } },
      act('start-maintenance', { sids: ['{targetId}'], skip_rebalance: true }),
      statusIs('maintenance'),
      act('stop-maintenance', target),
      statusIs(''),
      {
        send: 'GET /v1/health?readiness=true',
        at: 'target',
        poll: { attemptsMax: 50, everyMs: 100 },
        expect: { status: 200 },
      },
    ],
    cleanUp: [act('stop-maintenance', target)],
  },
  {
    ...shared,
    id: 'membership-maintenance-moves-objects',
    features: ['F2.02'],
    needs: ['cluster-smap', 'object-put'],
    capabilities: ['two-targets'],
    bucket: 'created',
    steps: [
      { send: 'PUT {object}', body: 'moves along', expect: { status: 200 } },
      unlessBusy(act('start-maintenance', { sid: '{targetId}' })),
      readable,
      unlessBusy(act('stop-maintenance', { sid: '{targetId}' })),
      statusIs(''),
      readable,
    ],
    cleanUp: [unlessBusy(act('stop-maintenance', { sid: '{targetId}' }))],
  },
  {
    ...shared,
    id: 'membership-stop-maintenance-of-active',
    features: ['F2.05'],
    needs: ['cluster-smap'],
    steps: [readMap, act('stop-maintenance', target), sameMap],
  },
  {
    ...shared,
    id: 'membership-unreadable',
    features: ['F2.05', 'F4.20'],
    steps: ['start-maintenance', 'stop-maintenance', 'shutdown-node', 'decommission-node'].flatMap(
      (action) => [
        refused(action, null, 400),
        refused(action, {}, 400),
        refused(action, { sids: [] }, 400),
        refused(action, { sid: 'nosuch01', sids: ['nosuch02'] }, 400),
        refused(action, { sids: ['nosuch01', 'nosuch01'] }, 400),
        refused(action, { sid: 'nosuch01', skip_rebalance: true }, 404),
        refused(action, { sids: ['{targetId}', 'nosuch01'], skip_rebalance: true }, 404),
      ],
    ),
  },
  {
    ...shared,
    id: 'membership-primary-stays',
    features: ['F2.07'],
    needs: ['cluster-smap'],
    steps: [
      readMap,
      ...['start-maintenance', 'shutdown-node', 'decommission-node', 'rm-unsafe'].map((action) =>
        refused(action, { sid: '{primaryId}', skip_rebalance: true }, 400),
      ),
      sameMap,
    ],
  },
  {
    ...shared,
    id: 'membership-unsafe-means-it',
    features: ['F2.07'],
    needs: ['cluster-smap'],
    steps: [readMap, refused('rm-unsafe', { sid: '{targetId}' }, 400), sameMap],
  },
  {
    ...shared,
    id: 'membership-self-removal-is-internal',
    features: ['F2.07'],
    steps: [{ send: 'DELETE /v1/cluster/daemon/{targetId}', expect: { status: 403, error: {} } }],
  },
  {
    ...shared,
    id: 'membership-join-of-nobody',
    features: ['F2.01'],
    steps: [
      {
        send: 'POST /v1/cluster/join-by-admin',
        json: { daemon_id: '', daemon_type: 'king' },
        expect: { status: 400, error: {} },
      },
      {
        send: 'POST /v1/cluster/join-by-admin',
        headers: { 'ais-node-flags': '4' },
        json: {
          daemon_id: 'nosuch01',
          daemon_type: 'target',
          intra_control_net: {
            node_ip_addr: '127.0.0.1',
            daemon_port: '1',
            direct_url: 'http://127.0.0.1:1',
          },
        },
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    ...shared,
    id: 'set-primary-to-itself',
    features: ['F1.09'],
    needs: ['cluster-smap'],
    steps: [
      readMap,
      { send: 'PUT /v1/cluster/proxy/{primaryId}', expect: { status: 200 } },
      sameMap,
    ],
  },
  {
    ...shared,
    id: 'set-primary-to-nobody',
    features: ['F1.09'],
    needs: ['cluster-smap'],
    steps: [
      readMap,
      {
        send: 'PUT /v1/cluster/proxy/{item}',
        forEach: ['nosuch01', '{targetId}'],
        expect: { status: 404, error: {} },
      },
      sameMap,
    ],
  },
]
