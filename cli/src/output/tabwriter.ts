/** Tab stop of every table, columns. */
const tabWidth = 8

/** Least space after a cell, characters. */
const paddingChars = 1

/**
 * Aligns text cells with tabs, as Go's `text/tabwriter` does with (minwidth 0, tabwidth 8, padding 1, padchar TAB):
 * a cell is what a TAB ends, a column is a run of lines that have such a cell, and scripts may split on TAB.
 * Widths are counted in characters.
 * @param text lines with TAB-ended cells, each line ended by a newline
 */
export function tabwriter(text: string): string {
  if (text === '') return ''
  const out: string[] = []
  let block: string[][] = []
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const cells = line.split('\t')
    block.push(cells)
    // A line without any column ends all columns above it.
    if (cells.length === 1) {
      formatBlock(block, out)
      block = []
    }
  }
  formatBlock(block, out)
  return `${out.join('\n')}\n`
}

function formatBlock(lines: readonly string[][], out: string[]): void {
  const widths: number[] = []
  let from = 0

  const write = (to: number) => {
    for (const cells of lines.slice(from, to)) out.push(formatLine(cells, widths))
    from = to
  }

  const format = (first: number, end: number): void => {
    const column = widths.length
    for (let at = first; at < end; at++) {
      if (column >= (lines[at]?.length ?? 0) - 1) continue
      write(at)
      let width = 0
      let last = at
      for (; last < end; last++) {
        const cells = lines[last] ?? []
        if (column >= cells.length - 1) break
        width = Math.max(width, charCount(cells[column] ?? '') + paddingChars)
      }
      widths.push(width)
      format(at, last)
      write(last)
      widths.pop()
      at = last - 1
    }
  }

  format(0, lines.length)
  write(lines.length)
}

function formatLine(cells: readonly string[], widths: readonly number[]): string {
  let text = ''
  cells.forEach((cell, column) => {
    text += cell
    const width = widths[column]
    if (width === undefined || column === cells.length - 1) return
    const stop = Math.ceil(width / tabWidth) * tabWidth
    text += '\t'.repeat(Math.ceil((stop - charCount(cell)) / tabWidth))
  })
  return text
}

function charCount(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
