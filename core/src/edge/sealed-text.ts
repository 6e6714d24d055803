/**
 * The credentials document as it travels: the parts of an HPKE box, base64. Apart from the document itself, which an edge
 * gateway loads when it first needs one: reading it takes longer than starting does.
 */
export interface SealedText {
  readonly enc: string
  readonly sealed: string
}

/** Begins what is signed, and what is sealed: neither stands for anything else. */
export const edgeCredentialsPurpose = 'ais-edge-credentials-v1\n'
