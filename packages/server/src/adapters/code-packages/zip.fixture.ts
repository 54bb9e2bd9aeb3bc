// Writes zips that no honest tool would write: any name, mode, flag, size and checksum.
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipPart {
  name: string
  content?: string | Buffer
  /** With the file type, as stat(2) has it. */
  mode?: number
  method?: number
  flags?: number
  /** What the table of contents claims, where it lies. */
  claims?: { size?: number; crc?: number }
}

export function zipOf(...parts: ZipPart[]): Buffer {
  const locals: Buffer[] = []
  const table: Buffer[] = []
  let offset = 0
  for (const part of parts) {
    const { local, central } = entry(part, offset)
    locals.push(local)
    table.push(central)
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(Buffer.concat(table).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, ...table, end])
}

function entry({ name, content = '', mode = 0o100644, method = 8, flags = 0x800, claims = {} }: ZipPart, offset: number) {
  const bytes = Buffer.from(content)
  const packed = method === 8 ? deflateRawSync(bytes) : bytes
  const nameBytes = Buffer.from(name)
  const facts = Buffer.alloc(26)
  facts.writeUInt16LE(20, 0)
  facts.writeUInt16LE(flags, 2)
  facts.writeUInt16LE(method, 4)
  facts.writeUInt32LE(claims.crc ?? crc32(bytes), 10)
  facts.writeUInt32LE(packed.length, 14)
  facts.writeUInt32LE(claims.size ?? bytes.length, 18)
  facts.writeUInt16LE(nameBytes.length, 22)
  const local = Buffer.concat([Buffer.from('504b0304', 'hex'), facts, nameBytes, packed])
  const tail = Buffer.alloc(14)
  tail.writeUInt32LE((mode << 16) >>> 0, 6)
  tail.writeUInt32LE(offset, 10)
  const unixMade = Buffer.from([20, 3])
  const central = Buffer.concat([Buffer.from('504b0102', 'hex'), unixMade, facts, tail, nameBytes])
  return { local, central }
}
