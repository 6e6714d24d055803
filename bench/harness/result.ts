import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Machine } from './machine.ts'
import type { Measure, Row, Unit } from './row.ts'

/** What one server did in one row: medians over the rounds. */
export interface SubjectResult extends Measure {
  /** Every round's value, in order: the spread is the noise. */
  readonly runs: readonly number[]
  /** To the row's reference. */
  readonly ratio: number
}

/** A row's result as it is kept. */
export interface Result {
  readonly row: string
  readonly question: string
  readonly unit: Unit
  readonly reference: string
  readonly goals: Readonly<Record<string, number>>
  /** Most the subject may come to; absent in rows about rates. */
  readonly limits?: Readonly<Record<string, number>>
  readonly date: string
  readonly secondsEach: number
  readonly machine: Machine
  readonly subjects: Readonly<Record<string, SubjectResult>>
}

const folder = new URL('../results/', import.meta.url)

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** Six digits say more than the machine does. */
function rounded(value: number): number {
  return Number(value.toPrecision(4))
}

function medianOf(measures: readonly Measure[], field: keyof Measure): number | undefined {
  const values = measures.map((measure) => measure[field]).filter((value) => value !== undefined)
  return values.length === 0 ? undefined : rounded(median(values))
}

/** One subject's rounds as its result, next to the reference's median value. */
export function summarize(measures: readonly Measure[], referenceValue: number): SubjectResult {
  const value = median(measures.map((measure) => measure.value))
  const optional: [keyof Measure, number | undefined][] = (
    ['p50Ms', 'p99Ms', 'serverBusy', 'clientBusy'] as const
  ).map((field) => [field, medianOf(measures, field)])
  return {
    value: rounded(value),
    ratio: rounded(value / referenceValue),
    ...Object.fromEntries(optional.filter(([, found]) => found !== undefined)),
    runs: measures.map((measure) => rounded(measure.value)),
  }
}

export function medianValue(measures: readonly Measure[]): number {
  return median(measures.map((measure) => measure.value))
}

export function saveResult(result: Result): void {
  writeFileSync(new URL(`${result.row}.json`, folder), `${JSON.stringify(result, null, 2)}\n`)
}

/** The kept result of a row, or `undefined`. */
export function findResult(row: Row): Result | undefined {
  try {
    return JSON.parse(readFileSync(fileURLToPath(new URL(`${row.name}.json`, folder)), 'utf8'))
  } catch {
    return undefined
  }
}
