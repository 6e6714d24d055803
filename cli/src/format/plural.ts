/** `s` unless there is exactly one. */
export function plural(count: number): string {
  return count === 1 ? '' : 's'
}

/** 1,234,567 */
export function withCommas(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

export function yesNo(value: boolean): string {
  return value ? 'yes' : 'no'
}

/** A shown value, `-` when there is none. */
export function orDash(value: string | number | undefined): string {
  return value === undefined || value === '' || value === 0 ? '-' : String(value)
}

/** Go's `%q`: double quotes with escapes. */
export function quoted(text: string): string {
  return JSON.stringify(text)
}
