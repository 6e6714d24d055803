/** A certificate chain with its private key, and the authorities that others' certificates are checked with; PEM texts. */
export interface TlsMaterial {
  readonly certificate: string
  readonly key: string
  /** Absent: none but the system's, and none for clients. */
  readonly authorities: string | undefined
}

/**
 * What is asked of a client: nothing, a certificate if it has one, any certificate, a good one if any, a good one.
 * @see Go crypto/tls ClientAuthType, whose numbers `net.http.client_auth_tls` bears
 */
export type ClientAuth = 0 | 1 | 2 | 3 | 4

/** TLS of a node, as server and as client, on all of its networks. The files may be replaced at any time. */
export interface Tls {
  readonly clientAuth: ClientAuth
  /** Certificates of servers are taken as they are. */
  readonly skipVerify: boolean
  /** What is in use now. */
  material(): TlsMaterial
  /** `listener` is called after each replacement, until what is returned is called. */
  onChange(listener: () => void): () => void
  /**
   * Reads the files again; connections that stand are not touched.
   * @throws AisError `ErrBadRequest` when they are no certificate with its key: the former stay in use
   */
  reload(): Promise<void>
  /** The certificate for people to read: names and values. @see AIStore cmn/certloader */
  describe(): Readonly<Record<string, string>>
}
