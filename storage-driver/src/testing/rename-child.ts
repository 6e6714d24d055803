// A process that writes `a`, renames it to `b`, writes another `a`, and is killed before anything settled.
import { openMountpath } from '../mountpath/open-mountpath.ts'
import { createManualClock } from './manual-clock.ts'
import { bucketRef, mountpathOptions } from './mountpath-bench.ts'

const mountpath = await openMountpath(process.argv[2] ?? '', mountpathOptions(createManualClock()))
const bucket = bucketRef('bench', 1n)
await mountpath.createBucket(bucket)

async function put(name: string, text: string): Promise<void> {
  const draft = await mountpath.draft(bucket, name)
  await draft.write(new TextEncoder().encode(text))
  const object = {
    checksum: { type: 'none', value: '' },
    version: '1',
    atimeNs: 0n,
    custom: [],
  } as const
  await mountpath.commit(bucket, name, draft, object, 'disk')
}

await put('a', 'first')
await mountpath.rename(bucket, 'a', 'b', 'disk')
await put('a', 'second')
process.kill(process.pid, 'SIGKILL')
