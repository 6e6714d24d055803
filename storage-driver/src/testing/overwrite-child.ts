// A process that writes `a`, keeps its file by a second link, overwrites it, and is killed before anything settled.
import { linkSync } from 'node:fs'
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { createManualClock } from './manual-clock.ts'
import { bucketRef, mountpathOptions, put } from './mountpath-bench.ts'

const [path = '', sizeBytes = ''] = process.argv.slice(2)
const mountpath = await openMountpath(path, mountpathOptions(createManualClock()))
const bucket = bucketRef('bench', 1n)
await mountpath.createBucket(bucket)
await put(mountpath, bucket, 'a', new Uint8Array(Number(sizeBytes)).fill(1))
linkSync(`${path}/@ais/bench/%ob/a`, `${path}/older`)
await put(mountpath, bucket, 'a', new Uint8Array(Number(sizeBytes)).fill(2))
process.kill(process.pid, 'SIGKILL')
