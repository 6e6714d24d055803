/**
 * Pretty JSON as upstream prints it: four spaces a level, an empty object over two lines with a blank between, 64-bit
 * integers in full.
 */
export function prettyJson(value: unknown): string {
  return `${pretty(value, '')}\n`
}

const indent = '    '

function pretty(value: unknown, margin: string): string {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    const items = value.map((item) => margin + indent + pretty(item, margin + indent))
    return `[\n${items.join(',\n')}\n${margin}]`
  }
  if (typeof value === 'object' && value !== null) {
    const items = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(
        ([key, item]) =>
          `${margin}${indent}${JSON.stringify(key)}: ${pretty(item, margin + indent)}`,
      )
    if (items.length === 0) return `{\n${margin}${indent}\n${margin}}`
    return `{\n${items.join(',\n')}\n${margin}}`
  }
  return JSON.stringify(value) ?? 'null'
}
