import { assert, property, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesWildcard } from './wildcard.ts'

/** What a pattern means, by the definition of the two signs. */
function slowly(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) {
    return slowly(rest, text) || (text !== '' && slowly(pattern, text.slice(1)))
  }
  const [first] = pattern
  return text !== '' && (first === '?' || first === text[0]) && slowly(rest, text.slice(1))
}

describe('a wildcard', () => {
  it.each([
    ['*', '', true],
    ['', 'a', false],
    ['a*b', 'ab', true],
    ['a*b', 'a', false],
    ['ab*ba', 'aba', false],
    ['*a*', 'bab', true],
    ['a?c*', 'abcd', true],
    ['?', '', false],
    ['**', 'x', true],
    ['s3:get*', 's3:getobject', true],
  ])('%s of "%s": %s', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected)
  })

  it('means what its definition says', () => {
    const few = stringMatching(/^[ab*?]{0,8}$/)
    assert(
      property(few, stringMatching(/^[ab]{0,10}$/), (pattern, text) => {
        expect(matchesWildcard(pattern, text)).toBe(slowly(pattern, text))
      }),
    )
    assert(
      property(string(), (text) => {
        expect(matchesWildcard('*', text)).toBe(true)
      }),
    )
  })

  it('is answered for patterns that make others try for ages', () => {
    expect(matchesWildcard(`${'*a'.repeat(500)}*b`, 'a'.repeat(100_000))).toBe(false)
  })
})
