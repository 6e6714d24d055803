import { tabwriter } from './tabwriter.ts'

/** One column of a table; a hidden one is left out altogether. */
export interface Column {
  readonly title: string
  readonly hide?: boolean
}

/** A table with headings in the first line; cells are divided by TAB and space. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { readonly headings?: boolean } = {},
): string {
  const shown = columns.map((column, index) => ({ column, index })).filter((c) => !c.column.hide)
  const lines = rows.map((row) => shown.map((c) => row[c.index] ?? '').join('\t '))
  if (options.headings !== false) {
    lines.unshift(shown.map((c) => c.column.title).join('\t '))
  }
  return lines.length === 0 ? '' : tabwriter(lines.map((line) => `${line}\n`).join(''))
}

/** `PROPERTY  VALUE` rows in the order given. */
export function propertyTable(
  rows: readonly (readonly [name: string, value: string])[],
  headings = true,
): string {
  return table([{ title: 'PROPERTY' }, { title: 'VALUE' }], rows, { headings })
}
