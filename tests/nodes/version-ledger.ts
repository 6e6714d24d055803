import { expect } from 'vitest'

/** A version of a key, or a delete marker, as a client was told of it. */
interface Written {
  readonly id: string
  /** `undefined`: it is a delete marker. */
  readonly body: string | undefined
}

/** A client of a bucket that keeps versions, which knows what it was promised. */
export class VersionLedger {
  readonly #url: () => string
  /** Newest first. */
  readonly #versions = new Map<string, Written[]>()
  readonly #deleted: { readonly key: string; readonly id: string }[] = []
  #bodies = 0

  /** @param url of the bucket, at a gateway */
  constructor(url: () => string) {
    this.#url = url
  }

  get keys(): string[] {
    return [...this.#versions.keys()].toSorted()
  }

  versionsOf(key: string): readonly Written[] {
    return this.#versions.get(key) ?? []
  }

  /** 503 is asked again: it says that nobody can tell now. */
  async #call(method: string, path: string, body?: string): Promise<Response> {
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${this.#url()}${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
      })
      if (answer.status !== 503 || tries === 100) return answer
      await answer.text()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async setVersioning(status: 'Enabled' | 'Suspended'): Promise<void> {
    const body = `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`
    expect((await this.#call('PUT', '?versioning', body)).status).toBe(200)
  }

  #add(key: string, written: Written): void {
    const before = (this.#versions.get(key) ?? []).filter(
      ({ id }) => id !== 'null' || written.id !== 'null',
    )
    this.#versions.set(key, [written, ...before])
  }

  async put(key: string): Promise<string> {
    const body = `${key} ${++this.#bodies} `.repeat(20)
    const answer = await this.#call('PUT', `/${key}`, body)
    expect(answer.status).toBe(200)
    const id = answer.headers.get('x-amz-version-id') ?? 'null'
    this.#add(key, { id, body })
    return id
  }

  async mark(key: string): Promise<string> {
    const answer = await this.#call('DELETE', `/${key}`)
    expect(answer.status).toBe(204)
    const id = answer.headers.get('x-amz-version-id') ?? ''
    this.#add(key, { id, body: undefined })
    return id
  }

  async remove(key: string, id: string): Promise<void> {
    const answer = await this.#call('DELETE', `/${key}?versionId=${id}`)
    expect(answer.status, `${key} ${id}`).toBe(204)
    this.#versions.set(
      key,
      this.versionsOf(key).filter((version) => version.id !== id),
    )
    if (id !== 'null') this.#deleted.push({ key, id })
  }

  /** What listings tell, in pages of `pageSize`. */
  async #listed(what: 'versions' | 'objects', pageSize: number): Promise<string[]> {
    const told: string[] = []
    const tag = (text: string, name: string) =>
      new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? ''
    for (let next = ''; ; ) {
      const query = what === 'versions' ? '?versions' : '?list-type=2'
      const answer = await this.#call('GET', `${query}&max-keys=${pageSize}${next}`)
      const text = await answer.text()
      expect(answer.status, text).toBe(200)
      for (const [, kind, inner = ''] of text.matchAll(
        /<(Version|DeleteMarker|Contents)>(.*?)<\/\1>/g,
      )) {
        const key = tag(inner, 'Key')
        const id = tag(inner, 'VersionId')
        const latest = tag(inner, 'IsLatest') === 'true' ? ' latest' : ''
        told.push(
          what === 'objects' ? key : `${key} ${kind === 'Version' ? 'v' : 'm'} ${id}${latest}`,
        )
      }
      if (tag(text, 'IsTruncated') !== 'true') return told
      next =
        what === 'versions'
          ? `&key-marker=${tag(text, 'NextKeyMarker')}&version-id-marker=${tag(text, 'NextVersionIdMarker')}`
          : `&continuation-token=${tag(text, 'NextContinuationToken')}`
    }
  }

  /** That all that was promised holds, and nothing else is there. */
  async check(pageSize = 1_000): Promise<void> {
    const versions: string[] = []
    const objects: string[] = []
    for (const key of this.keys) {
      const [current, ...former] = this.versionsOf(key)
      if (current?.body !== undefined) objects.push(key)
      const answer = await this.#call('GET', `/${key}`)
      const text = await answer.text()
      if (current?.body === undefined) expect(answer.status, key).toBe(404)
      else {
        expect(text, key).toBe(current.body)
        expect(answer.headers.get('x-amz-version-id'), key).toBe(current.id)
      }
      for (const version of current === undefined ? [] : [current, ...former]) {
        const latest = version === current ? ' latest' : ''
        const isMarker = version.body === undefined
        versions.push(`${key} ${isMarker ? 'm' : 'v'} ${version.id}${latest}`)
        const one = await this.#call('GET', `/${key}?versionId=${version.id}`)
        const body = await one.text()
        if (isMarker) expect(one.status, `${key} ${version.id}`).toBe(405)
        else expect(body, `${key} ${version.id}`).toBe(version.body)
      }
    }
    for (const { key, id } of this.#deleted) {
      const gone = await this.#call('GET', `/${key}?versionId=${id}`)
      await gone.text()
      expect(gone.status, `${key} ${id}`).toBe(404)
    }
    expect(await this.#listed('versions', pageSize)).toEqual(versions)
    expect(await this.#listed('objects', pageSize)).toEqual(objects)
  }
}
