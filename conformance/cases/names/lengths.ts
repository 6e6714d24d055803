import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/long_names.md'

const nested = (bytes: number): string => {
  const pieces: string[] = []
  for (let left = bytes; left > 0; left -= 101) pieces.push('p'.repeat(Math.min(100, left)))
  return pieces.join('/').slice(0, bytes)
}

const lengths: readonly { id: string; name: string; deviation?: string }[] = [
  { id: 'component-255', name: 'x'.repeat(255) },
  { id: 'component-256', name: 'x'.repeat(256) },
  { id: 'component-1024', name: 'x'.repeat(1024) },
  {
    id: 'component-3000',
    name: 'x'.repeat(3000),
    deviation: 'listed under the shortened name it has on disk',
  },
  { id: 'nested-1024', name: nested(1024) },
  { id: 'nested-3000', name: nested(3000) },
  {
    id: 'component-300-in-the-middle',
    name: `a/${'y'.repeat(300)}/b`,
    deviation: 'refused with 500 although the whole name is short enough',
  },
  { id: 'component-255-bytes-of-unicode', name: '猫'.repeat(85) },
  { id: 'component-300-bytes-of-unicode', name: '猫'.repeat(100) },
]

const encode = (name: string): string => name.split('/').map(encodeURIComponent).join('/')

/** Names longer than a file system takes. */
export const nameLengthCases: readonly ConformanceCase[] = [
  ...lengths.map(
    ({ id, name, deviation }): ConformanceCase => ({
      id: `name-${id}`,
      features: ['F4.15'],
      kind: 'required',
      needs: ['object-get'],
      source,
      ...(deviation !== undefined && { deviation }),
      steps: [
        { send: `PUT {objects}/${encode(name)}`, body: id, expect: { status: 200 } },
        { send: `GET {objects}/${encode(name)}`, expect: { status: 200, body: id } },
        { send: `HEAD {objects}/${encode(name)}`, expect: { status: 200 } },
        {
          send: 'GET {bucket}',
          json: { action: 'list', value: { props: 'name' } },
          expect: { status: 200, json: { entries: [{ name }] } },
        },
        { send: `DELETE {objects}/${encode(name)}`, expect: { status: 200 } },
        { send: `GET {objects}/${encode(name)}`, expect: { status: 404 } },
      ],
    }),
  ),
  {
    id: 'name-long-ones-are-told-apart',
    features: ['F4.15'],
    kind: 'required',
    needs: ['name-component-256'],
    source,
    steps: [
      {
        send: `PUT {objects}/${'x'.repeat(400)}{item}`,
        forEach: ['a', 'b'],
        body: 'I am {item}',
        expect: { status: 200 },
      },
      {
        send: `GET {objects}/${'x'.repeat(400)}{item}`,
        forEach: ['a', 'b'],
        expect: { status: 200, body: 'I am {item}' },
      },
    ],
  },
]
