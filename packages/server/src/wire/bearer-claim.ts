// A request that says who it is from by a bearer token, or not at all, where tokens may be taken. Nothing here is believed yet.
import type { WireRequest } from './exchange.js'

export interface BearerClaim {
  kind: 'bearer'
  service: 'bedrock-agentcore'
  /** The resource as the path names it: whether it takes tokens, and in which Region it is, only its service knows. */
  label: string
  token: string | undefined
}

/** What runtimes are invoked by. Their control operations are signed. */
const invoked = /^\/runtimes\/([^/]+)\/(?:invocations|commands|stopruntimesession|ws)(?:\/|$)/

export function readBearerClaim({ rawPath, headers }: WireRequest): BearerClaim | undefined {
  const label = invoked.exec(rawPath)?.[1]
  if (label === undefined) return undefined
  const token = /^bearer +(.*)$/is.exec(headers.authorization ?? '')?.[1]?.trim()
  return { kind: 'bearer', service: 'bedrock-agentcore', label: decoded(label), token: token || undefined }
}

function decoded(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch {
    // No resource has such a name, which is what its service then says.
    return label
  }
}
