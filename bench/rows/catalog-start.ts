import { type GrownCatalog, grownSubjects } from '../harness/grown-catalog.ts'
import type { Row } from '../harness/row.ts'

async function timeStart({ open }: GrownCatalog): Promise<{ value: number }> {
  const startedAt = performance.now()
  const mountpath = await open()
  const value = performance.now() - startedAt
  await mountpath.close()
  return { value }
}

export const catalogStart: Row = {
  name: 'catalog-start',
  question: 'How long does a mountpath of 1k, 100k and 1m objects take to open?',
  unit: 'ms',
  reference: '1k',
  warmsUp: true,
  subjects: (lab) => grownSubjects(lab, timeStart),
}

/** Every page of the catalog is checked then, up to 256 MiB. */
export const catalogStartUnclean: Row = {
  name: 'catalog-start-unclean',
  question: 'How long does it take to open after its process died?',
  unit: 'ms',
  reference: '1k',
  warmsUp: true,
  subjects: (lab) =>
    grownSubjects(lab, (catalog) => {
      catalog.forgetStop()
      return timeStart(catalog)
    }),
}
