import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { parseActionMsg } from './action-msg.ts'
import { strict, u64String } from './strict.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('parseActionMsg', () => {
  it('reads keys in any case and ignores unknown ones', () => {
    expect(parseActionMsg(bytes('{"Action":"list","NAME":null,"Value":{"a":1},"x":2}'))).toEqual({
      action: 'list',
      name: '',
      value: { a: 1 },
      uuid: '',
    })
  })

  it.each([
    ['', 'EOF'],
    ['[]', 'expected a JSON object'],
    ['{"action":1}', '"action"'],
  ])('refuses %j', (text, why) => {
    expect(() => parseActionMsg(bytes(text))).toThrow(why)
  })
})

describe('strict', () => {
  const schema = z.strictObject({
    flags: u64String.optional(),
    ec: z.strictObject({ data_slices: z.int() }).optional(),
    names: z.array(z.strictObject({ 'part-number': z.int() })).default([]),
    maybe: z.boolean().nullable().optional(),
  })

  it('folds keys at every depth and drops null where it means "not given"', () => {
    expect(
      strict(
        schema,
        { Flags: '18446744073709551615', EC: { DATA_SLICES: 2 }, names: [{ 'Part-Number': 1 }] },
        'msg',
      ),
    ).toEqual({ flags: (1n << 64n) - 1n, ec: { data_slices: 2 }, names: [{ 'part-number': 1 }] })
    expect(strict(schema, { flags: null, names: null, maybe: null }, 'msg')).toEqual({
      names: [],
      maybe: null,
    })
  })

  it.each([
    [{ ec: { slices: 1 } }, 'failed to unmarshal msg: unknown field "ec.slices"'],
    [{ flags: 1 }, '"flags": expected a decimal number in a string'],
    [{ flags: '18446744073709551616' }, '64 bits'],
    [{ names: [{}] }, '"names.0.part-number"'],
    [1, 'failed to unmarshal msg'],
  ])('names the field of %j', (value, why) => {
    expect(() => strict(schema, value, 'msg')).toThrow(why)
  })
})
