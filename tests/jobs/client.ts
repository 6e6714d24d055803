/** What is asked of a job. */
export interface JobStatus {
  readonly kind: string
  readonly uuid: string
  readonly err: string
  readonly end_time: number
  readonly aborted: boolean
  readonly is_idle: boolean
}

/** One target's part of a job; numbers are texts on the wire. */
export interface JobSnap {
  readonly id: string
  readonly kind: string
  readonly aborted: boolean
  readonly stats: { readonly 'loc-objs': string; readonly 'loc-bytes': string }
}

interface ListPage {
  readonly uuid: string
  readonly continuation_token: string
  readonly entries: readonly { readonly name: string }[]
}

type Body = Record<string, unknown>

/** Calls of the native API about jobs, as a client makes them. */
export class JobClient {
  readonly #endpoint: string

  constructor(endpoint: string) {
    this.#endpoint = endpoint
  }

  #send(method: string, path: string, body?: unknown): Promise<Response> {
    const isRead = method === 'GET' && body !== undefined
    return fetch(`${this.#endpoint}/v1/${path}`, {
      method: isRead ? 'POST' : method,
      ...(isRead && { headers: { 'X-HTTP-Method-Override': 'GET' } }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  async #answer(method: string, path: string, body?: unknown): Promise<string> {
    const reply = await this.#send(method, path, body)
    const text = await reply.text()
    if (!reply.ok) throw new Error(`${reply.status}: ${text}`)
    return text
  }

  createBucket(bucket: string): Promise<string> {
    return this.#answer('POST', `buckets/${bucket}`, { action: 'create-bck' })
  }

  destroyBucket(bucket: string): Promise<string> {
    return this.#answer('DELETE', `buckets/${bucket}`, { action: 'destroy-bck' })
  }

  async put(bucket: string, name: string, content: string): Promise<void> {
    const path = `${this.#endpoint}/v1/objects/${bucket}/${name}`
    const init = { method: 'PUT', body: content, redirect: 'manual' as const }
    const location = (await fetch(path, init)).headers.get('location')
    const reply = await fetch(location ?? path, init)
    if (!reply.ok) throw new Error(`${reply.status}: ${await reply.text()}`)
  }

  async get(bucket: string, name: string): Promise<string | undefined> {
    const reply = await fetch(`${this.#endpoint}/v1/objects/${bucket}/${name}`)
    return reply.ok ? reply.text() : undefined
  }

  async listPage(bucket: string, value: Body): Promise<ListPage> {
    const body = { action: 'list', value: { props: 'name', ...value } }
    return JSON.parse(await this.#answer('GET', `buckets/${bucket}`, body))
  }

  async names(bucket: string): Promise<string[]> {
    const body = { action: 'list', value: { props: 'name' } }
    const page: { entries: { name: string }[] | null } = JSON.parse(
      await this.#answer('GET', `buckets/${bucket}`, body),
    )
    return (page.entries ?? []).map(({ name }) => name)
  }

  /** Asks until the summary is there. @returns its ID, and what it says of the bucket */
  async summary(bucket: string): Promise<{ id: string; sums: Record<string, unknown>[] }> {
    const ask = (uuid: string) =>
      this.#answer('GET', `buckets/${bucket}`, { action: 'summary-bck', value: { uuid } })
    const id = await ask('')
    for (;;) {
      const sums = JSON.parse(await ask(id)) as Record<string, unknown>[]
      if (sums.length > 0) return { id, sums }
    }
  }

  /** @returns the ID of the job */
  copyBucket(from: string, to: string, value: Body = {}): Promise<string> {
    const path = `buckets/${from}?bck_to=${encodeURIComponent(`ais/@#/${to}/`)}`
    return this.#answer('POST', path, { action: 'copy-bck', name: '', value })
  }

  /** @returns the ID of the job */
  copyObjects(from: string, to: string, value: Body): Promise<string> {
    const tobck = { name: to, provider: 'ais' }
    const body = { action: 'copy-listrange', name: '', value: { tobck, ...value } }
    return this.#answer('POST', `buckets/${from}`, body)
  }

  /** @returns the ID of the job */
  deleteObjects(bucket: string, value: Body): Promise<string> {
    return this.#answer('DELETE', `buckets/${bucket}`, { action: 'delete-listrange', value })
  }

  /** A job on the objects of a bucket. @returns its ID */
  onBucket(bucket: string, action: string, value: Body): Promise<string> {
    return this.#answer('POST', `buckets/${bucket}`, { action, value })
  }

  /** What the first answer gave as an ID, and the second with it. */
  async shardSummary(bucket: string, prefix = ''): Promise<Record<string, string>> {
    const ask = async (uuid: string) => {
      const value = { uuid, prefix }
      const reply = await this.#send('GET', `buckets/${bucket}`, { action: 'summary-shard', value })
      return { status: reply.status, text: await reply.text() }
    }
    const { text: uuid } = await ask('')
    for (;;) {
      const { status, text } = await ask(uuid)
      if (status === 200) return JSON.parse(text)
      if (status !== 202) throw new Error(`${status}: ${text}`)
    }
  }

  /** @returns the ID of the job */
  start(value: Body): Promise<string> {
    return this.#answer('PUT', 'cluster', { action: 'start', value })
  }

  stop(value: Body): Promise<string> {
    return this.#answer('PUT', 'cluster', { action: 'stop', value })
  }

  async status(id: string): Promise<JobStatus> {
    return JSON.parse(await this.#answer('GET', 'cluster?what=status', { ID: id }))
  }

  async running(): Promise<string[]> {
    const body = { kind: '', node: '', show_active: true }
    return JSON.parse(await this.#answer('GET', 'cluster?what=running_all', body))
  }

  /** By target. */
  async snaps(id: string): Promise<Record<string, JobSnap[]>> {
    return JSON.parse(await this.#answer('GET', 'cluster?what=qryxstats', { ID: id }))
  }

  /** Objects that all targets say they dealt with. */
  async objects(id: string): Promise<number> {
    const snaps = Object.values(await this.snaps(id)).flat()
    return snaps.reduce((sum, { stats }) => sum + Number(stats['loc-objs']), 0)
  }

  /** Resolves when the work is done or the job has ended, well or not. */
  async settled(id: string): Promise<JobStatus> {
    for (;;) {
      const status = await this.status(id)
      if (status.end_time !== 0 || status.is_idle) return status
    }
  }
}
