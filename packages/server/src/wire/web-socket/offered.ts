// Sec-WebSocket-Protocol: what a client offers, and the bearer token that browsers, which can set no header, hide in it.
import { invalid, type ServiceError } from '#kernel/errors.js'

export const bearerName = 'base64UrlBearerAuthorization'
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const longestBearer = 4_096

export interface Offered {
  /** Without the credentials. */
  subprotocols: readonly string[]
  bearer?: string
  fault?: ServiceError
}

export function readOffered(header: string | undefined): Offered {
  if (header === undefined) return { subprotocols: [] }
  const names = header.split(',').map((name) => name.trim())
  if (names.some((name) => !token.test(name)) || new Set(names).size < names.length)
    return faulty('must be a list of different names without spaces or quotes, with commas between them')
  const subprotocols = names.filter((name) => name !== bearerName && !name.startsWith(`${bearerName}.`))
  const [credential, second] = names.filter((name) => name.startsWith(`${bearerName}.`))
  if (credential === undefined) return { subprotocols }
  const encoded = credential.slice(bearerName.length + 1)
  if (second !== undefined || !names.includes(bearerName))
    return faulty(`must offer ${bearerName}.TOKEN once, and ${bearerName} beside it: that one gets chosen`)
  if (encoded.length > longestBearer || !/^[A-Za-z0-9_-]+$/.test(encoded))
    return faulty(`must hold the token in ${bearerName}.TOKEN as base64url, at most ${longestBearer} characters`)
  return { subprotocols, bearer: Buffer.from(encoded, 'base64url').toString() }
}

const faulty = (rule: string): Offered => ({ subprotocols: [], fault: invalid('Sec-WebSocket-Protocol', rule) })
