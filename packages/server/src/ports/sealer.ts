// Encryption at rest: what is sealed can be stored anywhere and opened only by this installation.

export interface Sealer {
  /** `purpose` binds the seal: opening under another purpose fails. Returns printable text. */
  seal(plaintext: string, purpose: string): string
  /** PortError('sealer', 'cannot-open') when the text was altered, or sealed elsewhere or for another purpose. */
  open(sealed: string, purpose: string): string
}
