import { z } from 'zod'
import type { Bck } from '../bucket/bck.ts'
import { AisError } from '../errors/ais-error.ts'
import type { HeaderLine } from '../ports/call.ts'
import { bckMessageSchema, bckOfMessage } from '../wire/bck-message.ts'
import { findGoDuration } from '../wire/go-duration.ts'
import { isJsonObject } from '../wire/json.ts'
import {
  type ListTemplate,
  parseTemplate,
  templateCount,
  templateNames,
} from '../wire/list-range.ts'
import { strict } from '../wire/strict.ts'
import { baseName, objectNameOf } from './download-names.ts'

const duration = z
  .string()
  .default('')
  .refine((text) => text === '' || (findGoDuration(text) ?? -1) >= 0, 'expected a duration')

const count = z.int().nonnegative('must be non-negative')

const base = {
  type: z.string(),
  description: z.string().max(4_096).default(''),
  bucket: bckMessageSchema,
  timeout: duration,
  progress_interval: duration,
  limits: z
    .strictObject({ connections: count.default(0), bytes_per_hour: count.default(0) })
    .default({ connections: 0, bytes_per_hour: 0 }),
  headers: z.record(z.string(), z.array(z.string())).default({}),
  etl_name: z.string().default(''),
  etl_args: z.string().default(''),
}

const single = z.strictObject({
  ...base,
  object_name: z.string().default(''),
  link: z.string().default(''),
  from_remote: z.boolean().default(false),
})
const range = z.strictObject({
  ...base,
  template: z.string().min(1, 'must not be empty'),
  subdir: z.string().default(''),
})
const multi = z.strictObject({
  ...base,
  objects: z.union([z.record(z.string(), z.string()), z.array(z.string())]),
})
const backend = z.strictObject({
  ...base,
  prefix: z.string().default(''),
  suffix: z.string().default(''),
  synchronize: z.boolean().default(false),
})

/** One object to come, and where from. */
export interface DownloadItem {
  readonly name: string
  readonly link: string
}

/** What a download is to do. */
export interface Download {
  readonly bck: Bck
  readonly description: string
  /** For one object; absent: the cluster's `downloader.timeout`. */
  readonly timeoutMs: number | undefined
  /** Objects at once on each target; 0: left to the target. */
  readonly connections: number
  /** Over all targets; 0: as fast as it goes. */
  readonly bytesPerHour: number
  readonly headers: readonly HeaderLine[]
  /** All objects, of all targets; each call walks them anew. @throws AisError `ErrBadRequest` for a name that cannot be */
  items(): Iterable<DownloadItem>
}

type Base = z.output<typeof single> | z.output<typeof range> | z.output<typeof multi>

function withItems(message: Base, what: string, items: () => Iterable<DownloadItem>): Download {
  if (message.etl_name !== '') {
    throw new AisError(
      'ErrNotImpl',
      'download: objects cannot be transformed on their way (etl_name)',
    )
  }
  const bck = bckOfMessage(message.bucket)
  return {
    bck,
    description: message.description === '' ? what : message.description,
    timeoutMs: findGoDuration(message.timeout) || undefined,
    connections: message.limits.connections,
    bytesPerHour: message.limits.bytes_per_hour,
    headers: Object.entries(message.headers).flatMap(([name, values]) =>
      values.map((value): HeaderLine => [name, value]),
    ),
    items,
  }
}

const item = (name: string, link: string): DownloadItem => ({
  name: objectNameOf(name),
  link: link.includes('://') ? link : `http://${link}`,
})

function parseSingle(json: unknown): Download {
  const message = strict(single, json, 'download request')
  const { link, object_name: name } = message
  if (message.from_remote) throw noRemote()
  if (link === '') throw new AisError('ErrBadRequest', "missing 'link' in the request body")
  const chosen = name === '' ? baseName(link) : name
  return withItems(message, `${link} -> ${cname(message.bucket)}/${chosen}`, () => [
    item(chosen, link),
  ])
}

function* ofTemplate(template: ListTemplate, subdir: string): Generator<DownloadItem> {
  const folder = subdir.replace(/^\/+|\/+$/g, '')
  for (const link of templateNames(template)) {
    yield item(folder === '' ? baseName(link) : `${folder}/${baseName(link)}`, link)
  }
}

function parseRange(json: unknown): Download {
  const message = strict(range, json, 'download request')
  const template = parseTemplate(message.template)
  if (!message.template.includes('{') || templateCount(template) === 0) {
    const expected = "expecting e.g. 'http://host/shard-{0001..0010}.tar'"
    throw new AisError('ErrBadRequest', `invalid template "${message.template}": ${expected}`)
  }
  const what = `${message.template} -> ${cname(message.bucket)}`
  return withItems(message, what, () => ofTemplate(template, message.subdir))
}

function parseMulti(json: unknown): Download {
  const message = strict(multi, json, 'download request')
  const { objects } = message
  const pairs: readonly (readonly [string, string])[] = Array.isArray(objects)
    ? objects.map((link) => [baseName(link), link] as const)
    : Object.entries(objects)
  // As in a map: of two with one name the later counts.
  const byName = new Map(pairs.map(([name, link]) => [objectNameOf(name), link]))
  const items = [...byName].map(([name, link]) => {
    if (link === '') throw noRemote()
    return item(name, link)
  })
  return withItems(message, `multi-download -> ${cname(message.bucket)}`, () => items)
}

function noRemote(): AisError {
  return new AisError('ErrBadRequest', 'bucket download requires a remote bucket')
}

function cname({ name, provider }: z.output<typeof bckMessageSchema>): string {
  return `${provider === '' ? 'ais' : provider}://${name}`
}

/**
 * Reads the body that starts a download.
 * @throws AisError `ErrBadRequest` naming the field; `ErrNotImpl` for what needs a transformer
 * @see AIStore ext/dload/utils.go ParseStartRequest
 */
export function parseDownload(json: unknown): Download {
  const type = isJsonObject(json) ? json.type : undefined
  if (isJsonObject(json)) {
    const { name } = strict(z.object({ bucket: bckMessageSchema }), json, 'download request').bucket
    if (name === '') throw new AisError('ErrBadRequest', "missing 'bucket.name'")
  }
  switch (type) {
    case 'single':
      return parseSingle(json)
    case 'range':
      return parseRange(json)
    case 'multi':
      return parseMulti(json)
    case 'backend':
      strict(backend, json, 'download request')
      throw noRemote()
    case undefined:
    case '':
      throw new AisError('ErrBadRequest', "'type' field is empty")
    default:
      throw new AisError(
        'ErrBadRequest',
        'input does not match any of the supported formats (single, range, multi, backend)',
      )
  }
}
