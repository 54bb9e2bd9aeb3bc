import type { SecureContext } from 'node:tls'

/** PEM. */
export interface CertificateAndKey {
  cert: string
  key: string
}

/** What a TLS listener shows its clients. */
export interface ServerCertificates {
  /** For a client that asked for no name, as one that dials an address does. The same object until it is renewed. */
  unnamed(): Promise<CertificateAndKey>
  /** For the name that the client asked for. Rejects for a name that is none of ours. */
  contextFor(servername: string): Promise<SecureContext>
}
