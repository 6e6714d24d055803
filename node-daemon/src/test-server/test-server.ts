import { createPlatform } from '@aistore-ts/runtime-adapters/create-platform.ts'
import { createAskCluster } from '../launcher/ask-cluster.ts'
import { firstPair, type KeyPair } from '../launcher/key-pair.ts'
import * as clusters from '../server/start-server.ts'

/** How large the cluster of a test is, and where it is. */
export interface TestServerOptions {
  /** Gateways; 1 by default. */
  readonly proxies?: number
  /** Storage targets; 1 by default. */
  readonly targets?: number
  /** Mountpaths (disks) of each target; 1 by default. */
  readonly mountpaths?: number
  /** Port of the native API; 0, the default, takes a free one. */
  readonly port?: number
  /** Port of S3; 0, the default, takes a free one. */
  readonly s3Port?: number
  /** Cluster settings in AIStore's JSON shape, such as `{ s3: { semantics: 'aistore' } }`. */
  readonly config?: unknown
}

/** A whole cluster inside the process of a test, with one user of S3 who may do everything. */
export interface TestServer extends AsyncDisposable {
  /** URL of S3, at the root: what S3 clients take as their endpoint, with path style. */
  readonly endpoint: string
  /** URL of AIStore's native API. */
  readonly nativeEndpoint: string
  /** Any region is as good. */
  readonly region: string
  /** Key pair of the user `admin`, in the shape that Amazon's SDK takes. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /**
   * Back to the beginning: no bucket, no object, no user but `admin`, whose keys stay. Endpoints stay, open connections
   * do not: what is locked goes as well, since the whole data does.
   */
  reset(): Promise<void>
  /** Ends the cluster and removes its data. `await using` does so by itself. */
  stop(): Promise<void>
}

/** Is loaded with this module, so that a start has less to wait for. */
const platform = await createPlatform()

/** The key pair of `admin`, made when there is none yet. */
async function makeAdmin(endpoint: string, pair: KeyPair | undefined): Promise<KeyPair> {
  const ask = createAskCluster(endpoint, undefined)
  if (pair === undefined) {
    const made = await firstPair(ask, undefined)
    if (made === undefined) throw new Error('a new cluster has users already')
    return made
  }
  const { accessKey: access_key, secretKey: secret_key } = pair
  await ask('POST', '/v1/credentials/users', { id: 'admin', permissions: { admin: true } })
  await ask('POST', '/v1/credentials/keys', { user: 'admin', access_key, secret_key })
  return pair
}

const portOf = (url: string) => Number(new URL(url).port)

/**
 * Starts a cluster whose data lies in memory (in the temporary folder where there is no tmpfs). It listens on loopback alone.
 * @throws Error when a port that was asked for is taken
 */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  let running = await clusters.startServer({ ...options, platform })
  const { endpoint, s3Endpoint } = running
  const ports = { port: portOf(endpoint), s3Port: portOf(s3Endpoint) }
  const pair = await makeAdmin(endpoint, undefined)
  const stop = () => running.stop()
  return {
    endpoint: s3Endpoint,
    nativeEndpoint: endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: pair.accessKey, secretAccessKey: pair.secretKey },
    async reset() {
      await running.stop()
      running = await clusters.startServer({ ...options, ...ports, platform })
      await makeAdmin(endpoint, pair)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
