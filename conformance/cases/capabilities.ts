import type { Capability } from '../runner/model/capability.ts'

/** Every capability a case can hang on. */
export const capabilities: readonly Capability[] = [
  {
    id: 'two-targets',
    title: 'at least two targets in the cluster map',
    belongsTo: 'environment',
    probe: { targetsMin: 2 },
  },
  {
    id: 'direct-targets',
    title: 'targets can be reached at their public addresses from here',
    belongsTo: 'environment',
    probe: { steps: [{ send: 'GET /v1/health', at: 'target', expect: { status: 200 } }] },
  },
  {
    id: 'primary-endpoint',
    title: 'the endpoint is the primary gateway',
    belongsTo: 'environment',
    probe: {
      steps: [
        {
          send: 'GET /v1/daemon?what=snode',
          expect: { status: 200, json: { daemon_id: '{primaryId}' } },
        },
      ],
    },
  },
  {
    id: 'redirect-tags',
    title: 'targets take no redirect that its gateway does not vouch for',
    belongsTo: 'server',
    ours: true,
    probe: {
      steps: [
        {
          send: 'PUT {object}?pid={primaryId}&utm=dn23c59ng91f',
          at: 'owner',
          body: 'x',
          expect: { status: 401 },
        },
      ],
    },
  },
  {
    id: 's3-open',
    title: "S3 below /s3, open to anybody since the cluster has no users, with Amazon's behaviour",
    belongsTo: 'environment',
    probe: {
      steps: [
        { send: 'GET /s3', expect: { status: 200, body: /ListAllMyBucketsResult/ } },
        { send: 'PUT /s3/{bucketName}?logging', expect: { status: 501, body: /NotImplemented/ } },
      ],
    },
  },
  {
    id: 'method-override',
    title: 'a call with a body on GET is also taken as POST with X-HTTP-Method-Override: GET',
    belongsTo: 'server',
    ours: true,
    probe: {
      steps: [
        {
          send: 'POST {bucket}',
          headers: { 'x-http-method-override': 'GET' },
          json: { action: 'list', value: {} },
          expect: { status: 200 },
        },
      ],
    },
  },
  {
    id: 'browser-guard',
    title: 'requests that a foreign web page could make are refused',
    belongsTo: 'server',
    ours: true,
    probe: {
      steps: [
        {
          send: 'GET /v1/cluster?what=smap',
          headers: { origin: 'http://attacker.example' },
          expect: { status: 403 },
        },
      ],
    },
  },
  {
    id: 'own-listener',
    title:
      'requests are read by the product itself, not by a platform that refuses in its own words',
    belongsTo: 'environment',
    probe: {
      steps: [
        {
          raw: { text: 'G(T /v1/health HTTP/1.1\r\nHost: {host}\r\n\r\n' },
          expect: { body: /^(?!invalid HTTP method parsed)/ },
        },
      ],
    },
  },
  {
    id: 'edge',
    title:
      'the endpoint is a gateway at the edge, which serves objects itself to clients that say so',
    belongsTo: 'environment',
    ours: true,
    probe: {
      steps: [
        {
          send: 'PUT {object}',
          headers: { 'ais-reach': 'edge' },
          body: 'x',
          follow: false,
          expect: { status: 200 },
        },
      ],
    },
  },
  {
    id: 'edge-cache',
    title: 'the endpoint is a gateway at the edge that keeps what it relays',
    belongsTo: 'environment',
    ours: true,
    probe: {
      steps: [
        { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
        ...['miss', 'miss', 'hit'].map((cache) => ({
          send: 'GET {object}',
          headers: { 'ais-reach': 'edge' },
          follow: false,
          expect: { status: 200, headers: { 'ais-cache': cache } },
        })),
      ],
    },
  },
]
