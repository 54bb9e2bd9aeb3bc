// A body of JSON whose members are texts: all that the command line sends here.
import { ServiceError } from '#kernel/errors.js'
import type { AnyRequest } from '#wire/server.js'

/** Of members that are texts; the others are as if they were not there. */
export async function stringBody(request: AnyRequest, mostBytes = 64 * 1024): Promise<Record<string, string | undefined>> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += piece.length
    if (size > mostBytes) throw new ServiceError('ValidationException', `The body has more than ${mostBytes} bytes.`)
    pieces.push(piece)
  }
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(pieces).toString())
    const members = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return Object.fromEntries(members.filter(([, value]) => typeof value === 'string'))
  } catch {
    throw new ServiceError('ValidationException', 'The body is no JSON.')
  }
}
