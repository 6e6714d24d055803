import { absent, unordered } from '../../runner/matching/matcher.ts'
import type { ConformanceCase } from '../../runner/model/case.ts'

const source = 'AIStore docs/http_api.md (PATCH object), cmn/objattrs.go'
const put = { send: 'PUT {object}', body: 'x', expect: { status: 200 } } as const

/** Custom metadata of an object. */
export const customMetadataCases: readonly ConformanceCase[] = [
  {
    id: 'custom-put-one-line-per-pair',
    features: ['F4.09'],
    kind: 'required',
    needs: ['object-head'],
    source,
    steps: [
      {
        send: 'PUT {object}',
        headers: { 'ais-custom-md': ['colour=red', 'shape=round'] },
        body: 'x',
        expect: { status: 200 },
      },
      {
        send: 'HEAD {object}',
        expect: {
          status: 200,
          headerLines: { 'ais-custom-md': unordered('colour=red', 'shape=round') },
        },
      },
      {
        send: 'GET {object}',
        expect: {
          status: 200,
          headerLines: { 'ais-custom-md': unordered('colour=red', 'shape=round') },
        },
      },
    ],
  },
  {
    id: 'custom-patch-adds',
    features: ['F4.09'],
    kind: 'required',
    needs: ['object-head'],
    source,
    steps: [
      put,
      {
        send: 'PATCH {object}',
        json: { action: '', name: '', value: { a: '1' } },
        expect: { status: 200, body: '' },
      },
      { send: 'PATCH {object}', json: { action: '', value: { b: '2' } }, expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': unordered('a=1', 'b=2') } },
      },
    ],
  },
  {
    id: 'custom-patch-replaces-a-value',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1', b: '2' } }, expect: { status: 200 } },
      { send: 'PATCH {object}', json: { value: { a: '3' } }, expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': unordered('a=3', 'b=2') } },
      },
    ],
  },
  {
    id: 'custom-patch-set-new-replaces-all',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1', b: '2' } }, expect: { status: 200 } },
      {
        send: 'PATCH {object}?set-new-custom=true',
        json: { value: { c: '3' } },
        expect: { status: 200 },
      },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': ['c=3'] } },
      },
    ],
  },
  {
    id: 'custom-keeps-content-and-version',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1' } }, expect: { status: 200 } },
      {
        send: 'GET {object}',
        expect: { status: 200, body: 'x', headers: { 'ais-version': '1' } },
      },
    ],
  },
  {
    id: 'custom-survives-plain-overwrite',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source: 'AIStore core/lom.go: a PUT without custom metadata keeps what was there',
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1' } }, expect: { status: 200 } },
      { send: 'PUT {object}', body: 'y', expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': ['a=1'] } },
      },
    ],
  },
  {
    id: 'custom-merged-by-overwrite',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-put-one-line-per-pair'],
    source: 'AIStore core/lom.go: the pairs of a PUT are added to what was there',
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1', c: '1' } }, expect: { status: 200 } },
      {
        send: 'PUT {object}',
        headers: { 'ais-custom-md': ['b=2', 'c=3'] },
        body: 'y',
        expect: { status: 200 },
      },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': unordered('a=1', 'b=2', 'c=3') } },
      },
    ],
  },
  {
    id: 'custom-gone-after-delete',
    features: ['F4.09', 'F4.06'],
    kind: 'required',
    needs: ['custom-patch-adds', 'object-delete'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: '1' } }, expect: { status: 200 } },
      { send: 'DELETE {object}', expect: { status: 200 } },
      { send: 'PUT {object}', body: 'y', expect: { status: 200 } },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-custom-md': absent } } },
    ],
  },
  {
    id: 'custom-value-with-equals-sign',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: 'b=c' } }, expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': ['a=b=c'] } },
      },
    ],
  },
  {
    id: 'custom-unicode-value',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { name: 'Zoë 猫' } }, expect: { status: 200 } },
      {
        send: 'HEAD {object}',
        expect: { status: 200, headerLines: { 'ais-custom-md': ['name=Zoë 猫'] } },
      },
    ],
  },
  {
    id: 'custom-missing-object',
    features: ['F4.09'],
    kind: 'required',
    needs: ['bucket-create'],
    source,
    steps: [
      { send: 'PATCH {object}', json: { value: { a: '1' } }, expect: { status: 404, error: {} } },
    ],
  },
  {
    id: 'custom-refuses-too-much',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source: 'AIStore 5.0 release notes: at most 2 KiB',
    steps: [
      put,
      {
        send: 'PATCH {object}',
        json: { value: { a: 'x'.repeat(3000) } },
        expect: { status: 400, error: {} },
      },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-custom-md': absent } } },
    ],
  },
  {
    id: 'custom-refuses-empty-key',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source: 'AIStore 5.0 release notes: reserved symbols',
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { '': 'x' } }, expect: { status: 400, error: {} } },
      {
        send: 'PATCH {object}',
        json: { value: { 'a\u0001b': 'x' } },
        expect: { status: 400, error: {} },
      },
    ],
  },
  {
    id: 'custom-refuses-numbers',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [
      put,
      { send: 'PATCH {object}', json: { value: { a: 1 } }, expect: { status: 400, error: {} } },
      { send: 'HEAD {object}', expect: { status: 200, headers: { 'ais-custom-md': absent } } },
    ],
  },
  {
    id: 'custom-refuses-no-body',
    features: ['F4.09'],
    kind: 'required',
    needs: ['custom-patch-adds'],
    source,
    steps: [put, { send: 'PATCH {object}', expect: { status: 400, error: {} } }],
  },
]
