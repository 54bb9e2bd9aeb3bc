// A master key as text: 32 bytes in base64, base64url or hexadecimal.

const keyBytes = 32

/** `undefined` when the text is no key. */
export function parseKey(text: string): Buffer | undefined {
  const trimmed = text.trim()
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return undefined
  const key = Buffer.from(trimmed, 'base64url')
  return key.length === keyBytes ? key : undefined
}
