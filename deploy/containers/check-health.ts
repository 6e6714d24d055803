// Exit code 0: the node is in the map and serves.
import { readSettings } from './settings.ts'

const { host, port } = readSettings(process.env)
const answer = await fetch(`http://${host}:${port}/v1/health?readiness=true`).catch(() => undefined)
process.exit(answer?.status === 200 ? 0 : 1)
