/** Columns padded with spaces, `gap` between them: for the few tables that upstream prints so. */
export function spaceTable(lines: readonly (readonly string[])[], gap = 2): string {
  const widths: number[] = []
  for (const cells of lines) {
    cells.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, [...cell].length)
    })
  }
  return lines
    .map((cells) => {
      const padded = cells.map((cell, column) =>
        column === cells.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + gap),
      )
      return `${padded.join('')}\n`
    })
    .join('')
}
