import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RawHeaderBlock } from './raw-header-block.ts'
import { fromWireText, toWireText } from './wire-text.ts'

describe('header block', () => {
  const block = new RawHeaderBlock(['Host', 'h', 'X-A', '1', 'x-a', '2', 'Constructor', 'c'])

  it('gets the first line, all lines, and nothing that did not arrive', () => {
    expect(block.get('x-a')).toBe('1')
    expect(block.all('x-a')).toEqual(['1', '2'])
    expect(block.get('constructor')).toBe('c')
    for (const name of ['__proto__', 'x-b', '']) {
      expect(block.get(name)).toBeUndefined()
      expect(block.all(name)).toEqual([])
    }
  })

  it('lists lines in order, names in lower case', () => {
    expect(block.lines()).toEqual([
      ['host', 'h'],
      ['x-a', '1'],
      ['x-a', '2'],
      ['constructor', 'c'],
    ])
  })
})

describe('wire text', () => {
  it('brings any text there and back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(fromWireText(toWireText(text))).toBe(text)
      }),
    )
  })

  it('turns control characters into spaces and keeps the tab', () => {
    const controls = String.fromCharCode(0, 8, 10, 13, 31, 127)
    expect(toWireText(`a${controls}b\tc`)).toBe('a      b\tc')
    expect(fromWireText(toWireText(`ü${controls}€`))).toBe('ü      €')
  })

  it('leaves bytes that are no UTF-8 readable as Latin-1', () => {
    expect(fromWireText('caf\xe9')).toBe('café')
  })
})
