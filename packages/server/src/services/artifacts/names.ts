// What buckets and objects may be called.
import { BucketError } from '#ports/bucket-errors.js'

export function checkBucketName(name: string): void {
  const rule =
    name.length < 3 || name.length > 63
      ? 'must have 3 to 63 characters'
      : !/^[a-z0-9.-]+$/.test(name)
        ? 'may have only lower-case letters, digits, dots and hyphens'
        : !/^[a-z0-9].*[a-z0-9]$/.test(name)
          ? 'must begin and end with a letter or digit'
          : name.includes('..') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name)
            ? 'must not have two dots in a row or look like an IP address'
            : undefined
  if (rule) throw new BucketError('InvalidBucketName', `The specified bucket is not valid: its name ${rule}.`, { BucketName: name.slice(0, 255) })
}

export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key)
  if (bytes > 1024) throw new BucketError('KeyTooLongError', 'Your key is too long', { Size: bytes, MaxSizeAllowed: 1024 })
  // A listing could not carry these: XML 1.0 has no way to write them.
  if (/[\p{Cc}\ufffe\uffff]/u.test(key.replace(/[\t\r\n]/g, '')) || !key.isWellFormed()) {
    throw new BucketError(
      'InvalidArgument',
      'An object key may have only characters that XML 1.0 can carry; this one has a control character or half a surrogate pair.',
      {
        ArgumentName: 'Key',
      },
    )
  }
}
