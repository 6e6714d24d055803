import type { Corruption } from './corruption.ts'
import {
  type Answered,
  type Asked,
  header,
  type RawHeader,
  withBody,
  withHeader,
} from './exchange.ts'
import type { Kind, Shape } from './kinds.ts'

/** The same line again, with what a client or cluster must not take it for. */
type Change = (value: string) => string | undefined

/** Another last character. */
export const otherEnd: Change = (value) => value.slice(0, -1) + (value.endsWith('1') ? '2' : '1')

/** No line at all. */
export const dropped: Change = () => undefined

/** A status becomes another one. */
export function statusCorruption(
  id: string,
  cases: RegExp,
  kind: Kind,
  from: number,
  to: number,
): Corruption {
  return {
    id,
    cases,
    answer: (answered, asked) =>
      answered.status === from && kind(asked) ? { ...answered, status: to } : undefined,
  }
}

/** One header line of an answer is changed, where it is there. */
export function answerHeader(
  id: string,
  cases: RegExp,
  kind: Kind,
  name: string,
  change: Change,
): Corruption {
  return {
    id,
    cases,
    answer: (answered, asked) =>
      header(answered, name) !== undefined && kind(asked)
        ? withHeader(answered, name, change)
        : undefined,
  }
}

/** One header line more. */
export function addedHeader(id: string, cases: RegExp, kind: Kind, line: RawHeader): Corruption {
  return {
    id,
    cases,
    answer: (answered, asked) =>
      kind(asked) ? { ...answered, headers: [...answered.headers, line] } : undefined,
  }
}

/** The bytes of an answer are changed, where the change does something. */
export function answerBody(
  id: string,
  cases: RegExp,
  kind: Kind,
  shape: Shape,
  change: (body: Buffer) => Buffer,
): Corruption {
  return {
    id,
    cases,
    answer(answered, asked) {
      if (answered.body.length === 0 || !kind(asked) || !shape(answered)) return undefined
      const body = change(answered.body)
      return body.equals(answered.body) ? undefined : withBody(answered, body)
    },
  }
}

/** The JSON of an answer is changed; undefined leaves it as it is. */
export function answerJson(
  id: string,
  cases: RegExp,
  kind: Kind,
  shape: Shape,
  change: (value: Json) => Json | undefined,
): Corruption {
  return {
    id,
    cases,
    answer(answered: Answered, asked: Asked) {
      const isJson = header(answered, 'content-type')?.startsWith('application/json') ?? false
      if (!isJson || answered.body.length === 0 || !kind(asked) || !shape(answered))
        return undefined
      const changed = change(JSON.parse(answered.body.toString('utf8')))
      return changed === undefined
        ? undefined
        : withBody(answered, Buffer.from(JSON.stringify(changed)))
    },
  }
}

/** An object out of JSON. */
export type Json = { readonly [key: string]: unknown }

/** The entries of a page of a listing changed, when there are at least that many. */
export function entries(
  least: number,
  change: (entries: readonly Json[]) => readonly Json[],
): (page: Json) => Json | undefined {
  return (page) =>
    Array.isArray(page.entries) && page.entries.length >= least
      ? { ...page, entries: change(page.entries) }
      : undefined
}

/** One header line of a request is changed, where it is there. */
export function requestHeader(id: string, cases: RegExp, name: string, change: Change): Corruption {
  return {
    id,
    cases,
    request: (asked) =>
      header(asked, name) === undefined ? undefined : withHeader(asked, name, change),
  }
}

/** Path and query of a request are changed, where the change does something. */
export function requestTarget(
  id: string,
  cases: RegExp,
  change: (target: string) => string,
): Corruption {
  return {
    id,
    cases,
    request(asked) {
      const target = change(asked.target)
      return target === asked.target ? undefined : { ...asked, target }
    },
  }
}
