// identity issuer keys | rotate
import { adminFetch } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'

interface Issuer {
  issuer: string
  keys: { keyId: string; algorithm: string; state: 'NEXT' | 'SIGNING' | 'RETIRED'; createdAt: string; signsFrom: string; publishedUntil?: string }[]
}

export async function showKeys(invoked: Invoked): Promise<void> {
  show(invoked, (await (await adminFetch(invoked, 'issuer')).json()) as Issuer)
}

export async function rotateKeys(invoked: Invoked, { now = false }: { now?: boolean }): Promise<void> {
  show(invoked, (await (await adminFetch(invoked, `issuer/rotate${now ? '?now=1' : ''}`, { method: 'POST' })).json()) as Issuer)
}

function show({ out }: Invoked, { issuer, keys }: Issuer): void {
  out.document({ issuer, keys })
  out.line(`issuer: ${issuer}`)
  out.line(`discovery: ${issuer}/.well-known/openid-configuration`)
  const rows = keys.map(({ keyId, algorithm, state, signsFrom, publishedUntil }) => [keyId, algorithm, state, signsFrom, publishedUntil ?? '-'])
  for (const line of table(['KEY', 'ALGORITHM', 'STATE', 'SIGNS FROM', 'PUBLISHED UNTIL'], rows)) out.line(line)
}
