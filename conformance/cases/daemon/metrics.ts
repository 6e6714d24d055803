import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/monitoring-prometheus.md'

/** Prometheus metrics of proxies and targets. */
export const metricsCases: readonly ConformanceCase[] = [
  {
    id: 'metrics-proxy',
    features: ['F17.01'],
    kind: 'required',
    source,
    steps: [
      {
        send: 'GET /metrics',
        expect: {
          status: 200,
          headers: { 'content-type': /^text\/plain/ },
          body: /^# TYPE ais_proxy_\w+ (counter|gauge)$/m,
        },
      },
    ],
  },
  {
    id: 'metrics-target',
    features: ['F17.01'],
    kind: 'required',
    needs: ['object-put'],
    source,
    capabilities: ['direct-targets'],
    steps: [
      { send: 'PUT {object}', body: 'x', expect: { status: 200 } },
      {
        send: 'GET /metrics',
        at: 'target',
        expect: {
          status: 200,
          body: /^ais_target_put_count(_total)?\{[^}]*node_id="[^"]+"[^}]*\} \d/m,
        },
      },
    ],
  },
]
