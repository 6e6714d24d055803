import type { DocumentStore } from '@aistore-ts/core/ports/document-store.ts'

/** There while a target runs, and after a run that was not stopped. @see AIStore cmn/fname NodeRestartedMarker */
const documentName = '.ais.running'

/** Whether the node's last run ended without a stop. */
export interface RunMarker {
  raised(): boolean
  /** What the crash may have left undone is done. */
  lower(): void
  /** An orderly stop. */
  leave(): Promise<void>
}

export async function setRunMarker(store: DocumentStore): Promise<RunMarker> {
  let raised = (await store.load(documentName)) !== undefined
  if (!raised) await store.save(documentName, 'this node runs')
  return {
    raised: () => raised,
    lower() {
      raised = false
    },
    leave: () => store.remove(documentName),
  }
}
