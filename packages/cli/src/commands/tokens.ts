// identity check | explain
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withProgress } from '#core/progress.js'
import { tokenGiven } from '#core/token-file.js'
import { withPlatform } from '#core/with-platform.js'

interface Issuer {
  status: number
  issuer: string
  jwksUri: string
  keys: { kid?: string; alg?: string; kty?: string }[]
  clockDifferenceSeconds?: number
}

const wellKnown = '/.well-known/openid-configuration'

export interface ExplainOptions {
  runtime: string
  qualifier?: string
}

export async function checkIssuer(invoked: Invoked, discoveryUrl: string): Promise<void> {
  const { out, world } = invoked
  // An issuer is given for its document easily.
  const isIssuer = URL.canParse(discoveryUrl) && !discoveryUrl.endsWith(wellKnown)
  const fix = isIssuer ? `name the document itself: ${discoveryUrl.replace(/\/+$/, '')}${wellKnown}` : undefined
  const asked = () => adminFetch(invoked, 'tokens/check', { method: 'POST', body: { discoveryUrl }, fix })
  const found = (await (await withProgress(world.stderr, `reading ${discoveryUrl}`, asked)).json()) as Issuer
  const { status, issuer, jwksUri, keys, clockDifferenceSeconds } = found
  out.document(found)
  out.line(`status: ${status}`)
  out.line(`issuer: ${issuer}`)
  out.line(`jwks_uri: ${jwksUri}`)
  out.line(`clock: ${clockDifferenceSeconds === undefined ? 'not told' : `${clockDifferenceSeconds} s from ours (60 s are borne)`}`)
  const rows = keys.map(({ kid = '-', alg = '-', kty = '-' }) => [kid, alg, kty])
  for (const line of table(['KEY', 'ALGORITHM', 'TYPE'], rows)) out.line(line)
}

export async function explainToken(invoked: Invoked, given: string, { runtime, qualifier }: ExplainOptions): Promise<void> {
  const { out } = invoked
  const token = await tokenGiven(invoked, given)
  const { agentRuntimeArn } = await withPlatform(invoked, (clients) => agentNamed(clients, runtime))
  const answer = await adminFetch(invoked, 'tokens/explain', { method: 'POST', body: { agentRuntimeArn, qualifier, token } })
  const explained = (await answer.json()) as { accepted: boolean; checks: { claim: string; holds: boolean; says: string }[] }
  out.document(explained)
  const rows = explained.checks.map(({ claim, holds, says }) => [holds ? 'holds' : 'FAILS', claim, says])
  for (const line of table(['CHECK', 'CLAIM', 'WHY'], rows)) out.line(line)
  out.line(explained.accepted ? `${runtime} accepts this token` : `${runtime} refuses this token`)
}
