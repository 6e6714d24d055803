import { grownSubjects } from '../harness/grown-catalog.ts'
import type { Row } from '../harness/row.ts'

export const catalogSize: Row = {
  name: 'catalog-size',
  question: 'How many bytes of catalog does an object cost, of 1k, 100k and 1m (names of 21)?',
  unit: 'bytes',
  reference: '100k',
  subjects: (lab) =>
    grownSubjects(lab, ({ objects, sizeBytes }) => ({ value: sizeBytes / objects })),
}
