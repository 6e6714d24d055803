import { describe, expect, it } from 'vitest'
import { propsTable } from '../bucket/props-table.ts'
import { configTable } from './defaults.ts'
import type { Field } from './field.ts'
import { isField, type Section } from './section.ts'

function* fieldsOf(section: Section, path = ''): Generator<[name: string, field: Field<unknown>]> {
  for (const [name, node] of Object.entries(section)) {
    if (isField(node)) yield [`${path}${name}`, node]
    else yield* fieldsOf(node, `${path}${name}.`)
  }
}

describe('the JSON of a default', () => {
  const scalars = [...fieldsOf(configTable), ...fieldsOf(propsTable)].filter(
    ([, { defaultJson }]) => defaultJson !== undefined,
  )

  it.each(scalars)('of %s reads as the default, so that reading it may be left out', (_, field) => {
    expect(field.schema.parse(field.defaultJson)).toEqual(field.default)
  })
})
