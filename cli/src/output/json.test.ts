import { expect, it } from 'vitest'
import { prettyJson } from './json.ts'

it('prints 64-bit integers in full and empty objects over two lines', () => {
  const value = { id: 5272345359548182529n, empty: {}, list: [1, 'a'], none: [] }
  expect(prettyJson(value)).toBe(
    [
      '{',
      '    "id": 5272345359548182529,',
      '    "empty": {',
      '        ',
      '    },',
      '    "list": [',
      '        1,',
      '        "a"',
      '    ],',
      '    "none": []',
      '}',
      '',
    ].join('\n'),
  )
})
