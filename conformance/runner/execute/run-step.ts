import { generateBytes } from '../codec/generate-bytes.ts'
import { parseExactJson } from '../codec/parse-exact-json.ts'
import { type Answer, findHeader } from '../http/answer.ts'
import type { HttpClient, HttpRequest } from '../http/client.ts'
import { sendAndFollow } from '../http/follow-redirects.ts'
import { sendRaw } from '../http/send-raw.ts'
import type { Place, SaveSpec, Step } from '../model/case.ts'
import { isJsonObject, type JsonValue } from '../model/json-value.ts'
import { type ClusterMap, ownerOf } from '../placement/cluster-map.ts'
import { findObjectPath } from '../placement/object-path.ts'
import { findAnswerMismatch } from './check-answer.ts'
import { expandJson, expandText } from './expand.ts'
import type { Tampering } from './tamperings.ts'

/** What every step of a run shares. */
export interface StepContext {
  readonly endpoint: string
  readonly client: HttpClient
  readonly map: ClusterMap
  readonly timeoutMs: number
  /** PEM of who signed the servers' certificates. */
  readonly authority?: string | undefined
  /** Spoils what is checked, to prove that a case can fail; saved variables stay genuine. */
  readonly tamper?: Tampering
}

/**
 * Sends one step and holds its answer against its expectation; saved variables go to `variables`.
 * @returns nothing when all is well, else one sentence that starts with the request
 */
export async function runStep(
  step: Step,
  variables: Map<string, string>,
  context: StepContext,
): Promise<string | undefined> {
  for (const item of step.forEach ?? ['']) {
    if (step.forEach !== undefined) variables.set('item', item)
    const complaint = await pollStep(step, variables, context)
    if (complaint !== undefined) return complaint
  }
  return undefined
}

async function pollStep(
  step: Step,
  variables: Map<string, string>,
  context: StepContext,
): Promise<string | undefined> {
  const attempts = step.poll?.attemptsMax ?? 1
  let complaint: string | undefined
  for (let attempt = 1; attempt <= attempts; attempt++) {
    complaint = await tryStep(step, variables, context)
    if (complaint === undefined) return undefined
    if (attempt < attempts) await pause(step.poll?.everyMs ?? 0)
  }
  return attempts > 1 ? `${complaint} (after ${attempts} attempts)` : complaint
}

async function tryStep(
  step: Step,
  variables: Map<string, string>,
  context: StepContext,
): Promise<string | undefined> {
  let said = step.send ?? step.raw?.text.split('\r\n')[0] ?? ''
  try {
    said = expandText(said, variables)
    const answer = await exchange(step, variables, context)
    const shown = context.tamper?.spoil(answer) ?? answer
    const mismatch = findAnswerMismatch(shown, step.expect ?? {}, variables, context.map)
    if (mismatch !== undefined) return `${said}: ${mismatch}`
    for (const [name, spec] of Object.entries(step.save ?? {})) {
      variables.set(name, extract(answer, spec))
    }
    return undefined
  } catch (error) {
    return `${said}: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function exchange(
  step: Step,
  variables: Map<string, string>,
  context: StepContext,
): Promise<Answer> {
  if (step.raw !== undefined) {
    const line = expandText(step.raw.text.split('\r\n')[0] ?? '', variables)
    const origin = originOf(step.at, line.split(' ')[1] ?? '', context)
    const own = new Map(variables).set('host', new URL(origin).host)
    const raw = { ...step.raw, text: expandText(step.raw.text, own) }
    return sendRaw(origin, raw, context.timeoutMs, context.authority)
  }
  const asked = buildRequest(step, variables, context)
  return step.follow === false
    ? context.client.send(asked)
    : sendAndFollow(context.client, context.map, asked)
}

function buildRequest(
  step: Step,
  variables: Map<string, string>,
  context: StepContext,
): HttpRequest {
  const [method = '', path = ''] = expandText(step.send ?? '', variables).split(' ')
  const query = Object.entries(step.query ?? {})
    .map(([name, value]) => `${name}=${encodeURIComponent(expandText(value, variables))}`)
    .join('&')
  const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`
  const headers: Record<string, string | string[]> = {}
  if (step.json !== undefined) headers['content-type'] = 'application/json'
  for (const [name, value] of Object.entries(step.headers ?? {})) {
    headers[name] =
      typeof value === 'string'
        ? expandText(value, variables)
        : value.map((line) => expandText(line, variables))
  }
  const body = bodyOf(step, variables)
  return {
    method,
    origin: originOf(step.at, path, context),
    target,
    headers,
    ...(body !== undefined && { body }),
    ...(step.chunked !== undefined && { chunked: step.chunked }),
  }
}

function bodyOf(step: Step, variables: Map<string, string>): Uint8Array | undefined {
  if (step.json !== undefined) {
    return Buffer.from(JSON.stringify(expandJson(step.json, variables)))
  }
  if (typeof step.body === 'string') return Buffer.from(expandText(step.body, variables))
  return step.body === undefined ? undefined : generateBytes(step.body)
}

function originOf(at: Place = 'gateway', path: string, context: StepContext): string {
  if (at === 'gateway') return context.endpoint
  const object = findObjectPath(path)
  const owner = object && ownerOf(context.map, object.bucket, object.name)
  const target =
    at === 'owner'
      ? owner
      : context.map.targets.find((node) => at === 'target' || node.id !== owner?.id)
  if (target === undefined) throw new Error(`no ${at} target for ${path}`)
  return new URL(target.publicUrl).origin
}

function extract(answer: Answer, spec: SaveSpec): string {
  if ('header' in spec) {
    const value = findHeader(answer, spec.header) ?? ''
    return spec.part === 'path' ? value.replace(/^[a-z]+:\/\/[^/]*/, '') : value
  }
  const body = answer.body.toString('utf8')
  if ('from' in spec) return body
  let value: JsonValue | undefined = parseExactJson(body)
  for (const key of spec.json.split('.')) {
    value = Array.isArray(value) ? value[Number(key)] : isJsonObject(value) ? value[key] : undefined
  }
  if (value === undefined) throw new Error(`nothing at ${spec.json} to save`)
  return typeof value === 'string' ? value : String(value)
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs))
}
