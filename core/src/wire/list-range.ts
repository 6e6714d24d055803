import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { AisError } from '../errors/ais-error.ts'

/** The selector in multi-object messages: names win over the template, neither means the whole bucket. */
export const listRangeShape = {
  template: z.string().max(4_096).default(''),
  objnames: z.array(z.string()).default([]),
}

/** Numbers from `start` to `end`, `step` apart, padded with zeros to `digits`; `gap` follows each. */
export interface TemplateRange {
  readonly start: number
  readonly end: number
  readonly step: number
  readonly digits: number
  readonly gap: string
}

/** A template taken apart. Without ranges it selects by prefix. */
export interface ListTemplate {
  readonly prefix: string
  readonly ranges: readonly TemplateRange[]
}

/** What a selector stands for. */
export type Selection =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'template'; readonly template: ListTemplate }
  | { readonly kind: 'prefix'; readonly prefix: string }

/** @throws AisError `ErrBadRequest` a malformed template, or one of more than `limits.templateNamesMax` names */
export function selectionOf(selector: {
  readonly template: string
  readonly objnames: readonly string[]
}): Selection {
  if (selector.objnames.length > 0) return { kind: 'names', names: selector.objnames }
  const template = parseTemplate(selector.template)
  if (template.ranges.length === 0) return { kind: 'prefix', prefix: template.prefix }
  checkCount(templateCount(template))
  return { kind: 'template', template }
}

function checkCount(names: number): void {
  const max = limits.templateNamesMax
  if (names <= max) return
  throw new AisError('ErrBadRequest', `template stands for too many names (more than ${max})`)
}

// Greatest number a range may reach: below 2^53, so that counting stays exact.
const numberMax = 1e15

function bad(template: string, why: string): AisError {
  return new AisError('ErrBadRequest', `invalid template "${template.slice(0, 256)}": ${why}`)
}

/**
 * Reads `pre-{0001..0010..2}-suf` (several braces: every combination), `pre-@00100-suf` (0 to 100), or
 * `pre-%06d-suf` (0 without end); anything else is a prefix, empty and `*` the empty one.
 * @throws AisError `ErrBadRequest` malformed, start beyond end, a step of zero, numbers of more than 15 digits
 * @see AIStore cmn/cos/template.go
 */
export function parseTemplate(template: string): ListTemplate {
  if (template === '' || template === '*') return { prefix: '', ranges: [] }
  if (template.includes('{') && template.includes('}')) return parseBash(template)
  if (template.includes('@')) return parseAt(template)
  if (template.split('%').length === 2) return parseFmt(template)
  return { prefix: template.replace(/\*$/, ''), ranges: [] }
}

function numberOf(template: string, digits: string): number {
  const value = Number(digits)
  if (!/^[0-9]+$/.test(digits) || value > numberMax) throw bad(template, `bad number "${digits}"`)
  return value
}

function parseBash(template: string): ListTemplate {
  const expecting = "expecting e.g. 'prefix-{0001..0010..1}-suffix'"
  const [prefix = '', ...rest] = template.split('{')
  if (prefix.includes('}')) throw bad(template, expecting)
  const ranges = rest.map((part): TemplateRange => {
    const mark = part.indexOf('}')
    const numbers = part.slice(0, Math.max(mark, 0)).split('..')
    if (mark < 0 || numbers.length < 2 || numbers.length > 3) throw bad(template, expecting)
    const [first = '', last = '', stride = '1'] = numbers
    const start = numberOf(template, first)
    const end = numberOf(template, last)
    const step = numberOf(template, stride)
    if (start > end) throw bad(template, "'start' cannot be greater than 'end'")
    if (step === 0) throw bad(template, "'step' is non-positive")
    const gap = part.slice(mark + 1)
    return { start, end, step, digits: Math.min(first.length, last.length), gap }
  })
  return { prefix, ranges }
}

function parseAt(template: string): ListTemplate {
  const [prefix = '', ...rest] = template.split('@')
  const ranges = rest.map((part): TemplateRange => {
    const digits = /^[0-9]*/.exec(part)?.[0] ?? ''
    if (digits === '') throw bad(template, "expecting e.g. 'prefix-@00100-suffix'")
    const end = numberOf(template, digits)
    return { start: 0, end, step: 1, digits: digits.length, gap: part.slice(digits.length) }
  })
  return { prefix, ranges }
}

function parseFmt(template: string): ListTemplate {
  const match = /^([^%]*)%(?:0([0-9]{1,3}))?d(.*)$/s.exec(template)
  if (match === null) throw bad(template, "expecting e.g. 'prefix-%06d-suffix'")
  const [, prefix = '', digits = '0', gap = ''] = match
  const range = { start: 0, end: Number.POSITIVE_INFINITY, step: 1, digits: Number(digits), gap }
  return { prefix, ranges: [range] }
}

/** How many names the template stands for; `Infinity` for `%d`. */
export function templateCount({ ranges }: ListTemplate): number {
  return ranges.reduce((count, r) => count * (Math.floor((r.end - r.start) / r.step) + 1), 1)
}

/**
 * The names of a template, the last range turning fastest.
 * @param count how many to give at most; without it the template must have an end
 * @throws AisError `ErrBadRequest` more than `limits.templateNamesMax` names, before the first is given
 */
export function templateNames(template: ListTemplate, count?: number): IterableIterator<string> {
  const total = Math.min(templateCount(template), count ?? Number.POSITIVE_INFINITY)
  checkCount(total)
  return expand(template, total)
}

function* expand({ prefix, ranges }: ListTemplate, total: number): IterableIterator<string> {
  const at = ranges.map(({ start }) => start)
  for (let given = 0; given < total; given++) {
    let name = prefix
    ranges.forEach(({ digits, gap }, i) => {
      name += String(at[i]).padStart(digits, '0') + gap
    })
    yield name
    for (let i = ranges.length - 1; i >= 0; i--) {
      const range = ranges[i]
      if (range === undefined) break
      const next = (at[i] ?? 0) + range.step
      if (next <= range.end) {
        at[i] = next
        break
      }
      at[i] = range.start
    }
  }
}
