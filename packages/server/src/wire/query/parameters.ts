// What a Query call sends: a flat form, in the body or in the query.
import { cannotParse } from '#kernel/errors.js'
import type { QueryParameters } from '#kernel/query.js'
import type { VerifiedBody, WireRequest } from '#wire/exchange.js'

/** More than any operation has members: what is beyond was made to be large. */
const maxParameters = 1_000

export async function queryParameters(request: WireRequest, { bytes, stream }: VerifiedBody): Promise<QueryParameters> {
  const type = request.headers['content-type'] ?? ''
  const isForm = request.method !== 'GET' && type.startsWith('application/x-www-form-urlencoded')
  const text = isForm ? (bytes ?? Buffer.concat(await stream.toArray())).toString('utf8') : request.rawQuery
  const parameters = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) throw cannotParse(`${name.slice(0, 128)}: is given twice; keep one`)
    if (parameters.size === maxParameters) throw cannotParse(`the call has more than ${maxParameters} parameters`)
    parameters.set(name, value)
  }
  return parameters
}
