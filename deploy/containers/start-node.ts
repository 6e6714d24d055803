// Writes a node's configuration from the container's environment and becomes the node.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readSettings } from './settings.ts'

const { role, dir, host, mountpaths, primary, open, ...ports } = readSettings(process.env)
const conf = join(dir, 'conf')
const log = join(dir, 'log')
for (const path of [conf, log, ...mountpaths]) mkdirSync(path, { recursive: true })

const clusterFile = join(conf, 'initial-cluster-config.json')
const localFile = join(conf, 'initial-local-config.json')
writeFileSync(
  clusterFile,
  JSON.stringify({ proxy: { primary_url: primary, original_url: primary } }),
)
writeFileSync(
  localFile,
  JSON.stringify({
    confdir: conf,
    log_dir: log,
    fspaths: Object.fromEntries(mountpaths.map((path) => [path, ''])),
    host_net: {
      hostname: host,
      hostname_intra_control: host,
      hostname_intra_data: host,
      port: ports.port,
      port_intra_control: ports.controlPort,
      port_intra_data: ports.dataPort,
    },
  }),
)
process.argv.push(`-role=${role}`, `-config=${clusterFile}`, `-local_config=${localFile}`)
process.argv.push(`-join=${primary}`, '-alsologtostderr')
if (ports.s3Port > 0) process.argv.push(`-s3_port=${ports.s3Port}`)
if (open) process.argv.push('-insecure-no-auth')
await import('../../node-daemon/src/aisnode.ts')
