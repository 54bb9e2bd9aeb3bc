// Ids in the forms that AWS's patterns demand.
import { randomBytes, randomUUID } from 'node:crypto'

export interface Ids {
  uuid(): string
  /** `length` characters of [a-zA-Z0-9]. */
  alphanumeric(length: number): string
  /** `bytes` random bytes as base64url: for secrets and tokens. */
  secret(bytes: number): string
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  alphanumeric(length) {
    let id = ''
    while (id.length < length) {
      for (const byte of randomBytes(length)) {
        // 248 = 4 * 62: the last whole multiple, so that no letter is likelier than another.
        if (byte < 248 && id.length < length) id += alphabet[byte % 62]
      }
    }
    return id
  },
  secret: (bytes) => randomBytes(bytes).toString('base64url'),
}
