import { describe, expect, it } from 'vitest'
import { headProp, parseHeadProps } from './head-props.ts'

describe('the properties of a selective HEAD', () => {
  it('are named in any case and order, with blanks, more than once', () => {
    const { size, etag } = headProp
    for (const props of ['size,etag', ' ETag ,SIZE', 'size,,etag,', ',size,size,etag']) {
      expect([props, parseHeadProps(props)]).toEqual([props, size | etag])
    }
    expect(parseHeadProps('last-modified')).toBe(headProp['last-modified'])
    expect(parseHeadProps(',')).toBe(0)
    expect(parseHeadProps(Object.keys(headProp).join())).toBe(0xfff)
  })

  it('are refused by the first name that is none', () => {
    expect(() => parseHeadProps('size, Color ,shape')).toThrow(
      expect.objectContaining({
        code: 'ErrBadRequest',
        message: 'invalid property "Color" (props)',
      }),
    )
  })
})
