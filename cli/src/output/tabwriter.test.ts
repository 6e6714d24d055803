import { describe, expect, it } from 'vitest'
import { table } from './table.ts'
import { tabwriter } from './tabwriter.ts'

describe('tabwriter', () => {
  it.each([
    // Each as Go's text/tabwriter prints it with (0, 8, 1, TAB).
    ['NAME\t PRESENT\nais://b1\t yes\n', 'NAME\t\t PRESENT\nais://b1\t yes\n'],
    ['NAME\t SIZE\t \nf\t 1.95KiB\t \n', 'NAME\t SIZE\t\t \nf\t 1.95KiB\t \n'],
    ['a\tb\nalone\nlonger-than-8\tc\n', 'a\tb\nalone\nlonger-than-8\tc\n'],
    ['1234567\tx\n', '1234567\tx\n'],
    ['12345678\tx\n', '12345678\tx\n'],
    ['é\tx\n12345678\ty\n', 'é\t\tx\n12345678\ty\n'],
    ['', ''],
  ])('aligns %j', (text, aligned) => {
    expect(tabwriter(text)).toBe(aligned)
  })

  it('ends a column where a line has no such cell', () => {
    expect(tabwriter('a\tb\tc\nlong-long-long\td\n')).toBe('a\t\tb\tc\nlong-long-long\td\n')
    const mixed = tabwriter('T\t D\t S\nt1\t a\t\n\t b\t good\n')
    expect(mixed).toBe('T\t D\t S\nt1\t a\t\n\t b\t good\n')
  })
})

describe('table', () => {
  it('leaves hidden columns out, heading and cells alike', () => {
    const columns = [{ title: 'A' }, { title: 'B', hide: true }, { title: 'C' }]
    expect(table(columns, [['1', '2', '3']])).toBe('A\t C\n1\t 3\n')
    expect(table(columns, [['1', '2', '3']], { headings: false })).toBe('1\t 3\n')
    expect(table(columns, [], { headings: false })).toBe('')
  })
})
