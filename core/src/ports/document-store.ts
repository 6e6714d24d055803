/**
 * Small named documents (Smap, BMD, config, identity) kept safe across restarts: written whole, durable before
 * `save` resolves, the previous version kept beside it.
 */
export interface DocumentStore {
  /** The newest copy that is whole (its checksum holds), or `undefined`. @throws AisError `ErrUnsupp` it is of a newer program */
  load(name: string): Promise<string | undefined>
  save(name: string, text: string): Promise<void>
  /** The document and the version before it, gone for good; not there: done. */
  remove(name: string): Promise<void>
}
