// Objects by our SDK, so many GETs in flight: batch-program.ts ENDPOINT BUCKET PREFIX COUNT BYTES IN_FLIGHT SECONDS
import { Client } from '@aistore-ts/sdk/client.ts'

const [endpoint = '', name = '', prefix, ...numbers] = process.argv.slice(2)
const [count = 0, sizeBytes = 0, inFlight = 1, seconds = 0] = numbers.map(Number)
const client = new Client(endpoint)
const bucket = client.bucket(name)

async function pass(): Promise<void> {
  let next = 0
  async function worker(): Promise<void> {
    while (next < count) {
      const reader = await bucket.object(`${prefix}${next++}`).get()
      const { length } = await reader.bytes()
      if (length !== sizeBytes) throw new Error(`${length} bytes instead of ${sizeBytes}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}

const times: number[] = []
const end = performance.now() + seconds * 1000
while (times.length === 0 || performance.now() < end) {
  const start = performance.now()
  await pass()
  times.push(performance.now() - start)
}
client.close()
process.stdout.write(JSON.stringify(times))
