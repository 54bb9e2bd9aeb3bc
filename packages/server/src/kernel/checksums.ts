// The checksums that object clients send along: five algorithms, one shape.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export interface Checksum {
  update(bytes: Uint8Array): void
  /** Big-endian, as S3 writes it in base64. Call once. */
  digest(): Buffer
}

const makers = {
  CRC32: () => {
    let crc = 0
    return {
      update: (bytes: Uint8Array) => {
        crc = crc32(bytes, crc)
      },
      digest: () => bigEndian(crc),
    }
  },
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: () => hashed('sha1'),
  SHA256: () => hashed('sha256'),
} satisfies Record<string, () => Checksum>

export type ChecksumAlgorithm = keyof typeof makers

export const checksumAlgorithms = Object.keys(makers) as ChecksumAlgorithm[]

export const checksumBytes = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 } as const satisfies Record<ChecksumAlgorithm, number>

export function checksum(algorithm: ChecksumAlgorithm): Checksum {
  return makers[algorithm]()
}

function hashed(name: string): Checksum {
  const hash = createHash(name)
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() }
}

function bigEndian(...words: number[]): Buffer {
  const bytes = Buffer.alloc(words.length * 4)
  for (const [at, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, at * 4)
  return bytes
}

let castagnoli: Uint32Array | undefined

function crc32c(): Checksum {
  castagnoli ??= Uint32Array.from({ length: 256 }, (_, index) => {
    let crc = index
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    return crc
  })
  const table = castagnoli
  let crc = 0xffffffff
  return {
    update(bytes) {
      let state = crc
      for (let at = 0; at < bytes.length; at += 1) state = (table[(state ^ (bytes[at] as number)) & 0xff] as number) ^ (state >>> 8)
      crc = state
    },
    digest: () => bigEndian(crc ^ 0xffffffff),
  }
}

let nvme: { high: Uint32Array; low: Uint32Array } | undefined

/** In two halves of 32 bits: BigInt would be thirty times slower. */
function crc64nvme(): Checksum {
  nvme ??= nvmeTables()
  const tables = nvme
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(bytes) {
      let h = high
      let l = low
      for (let at = 0; at < bytes.length; at += 1) {
        const index = (l ^ (bytes[at] as number)) & 0xff
        l = ((l >>> 8) | (h << 24)) ^ (tables.low[index] as number)
        h = (h >>> 8) ^ (tables.high[index] as number)
      }
      high = h
      low = l
    },
    digest: () => bigEndian(~high, ~low),
  }
}

function nvmeTables(): { high: Uint32Array; low: Uint32Array } {
  const high = new Uint32Array(256)
  const low = new Uint32Array(256)
  for (let index = 0; index < 256; index += 1) {
    let h = 0
    let l = index
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = l & 1
      l = (l >>> 1) | (h << 31)
      h >>>= 1
      if (odd) {
        h ^= 0x9a6c9329
        l ^= 0xac4bc9b5
      }
    }
    high[index] = h
    low[index] = l
  }
  return { high, low }
}
