// The hash that @smithy/signature-v4 wants to be given, from node's own.
import { createHash, createHmac } from 'node:crypto'

export class NodeSha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array))
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  /** Part of the signer's interface; it makes a new one instead. */
  reset(): void {}
}
