// identity vault list, identity rotate-master-key
import { adminFetch } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withProgress } from '#core/progress.js'

interface Vault {
  masterKey: { masterKeyId?: string; since?: number; place: string; unreadable?: string }
  entries: {
    region: string
    kind: string
    name: string
    /** Absent under a customer's key. */
    masterKeyId?: string
    kmsKeyArn?: string
    workload?: string
    user?: string
    flow?: string
    scopes?: string[]
    expiresAt?: number
  }[]
  total: number
}

export async function listVault(invoked: Invoked, { limit }: { limit: number }): Promise<void> {
  const { out } = invoked
  const vault = (await (await adminFetch(invoked, `vault?limit=${limit}`)).json()) as Vault
  out.document(vault)
  const { masterKey, entries, total } = vault
  out.line(`master key: ${masterKey.masterKeyId ?? 'none yet'}, in ${masterKey.place}`)
  if (masterKey.unreadable) out.line(`unreadable: ${masterKey.unreadable}`)
  if (total === 0) return out.line('nothing is in the vault')
  const rows = entries.map(({ kind, name, region, workload = '-', user = '-', flow = '-', scopes = [], expiresAt, kmsKeyArn = 'master key' }) => {
    return [kind, name, region, workload, user, flow, scopes.join(' ') || '-', expiresAt ? new Date(expiresAt).toISOString() : '-', kmsKeyArn]
  })
  for (const line of table(['KIND', 'NAME', 'REGION', 'WORKLOAD', 'USER', 'FLOW', 'SCOPES', 'EXPIRES', 'SEALED UNDER'], rows)) out.line(line)
  if (total > entries.length) out.note(`${entries.length} of ${total} entries; --limit shows more`)
}

export async function rotateMasterKey(invoked: Invoked, { forgetUnreadable = false }: { forgetUnreadable?: boolean }): Promise<void> {
  const { out, world } = invoked
  const signal = AbortSignal.timeout(30 * 60_000)
  const answer = await withProgress(world.stderr, 'sealing the entries of the vault anew', () =>
    adminFetch(invoked, `vault/rotate-master-key${forgetUnreadable ? '?forgetUnreadable=1' : ''}`, { method: 'POST', signal }),
  )
  const rotated = (await answer.json()) as { masterKeyId: string; entries: number; unreadable: number; forgotten: number }
  out.document(rotated)
  out.line(
    `master key ${rotated.masterKeyId} seals the vault now; ${rotated.entries} entries were sealed anew. Keep a copy of it apart from the data folder.`,
  )
  if (rotated.unreadable > 0)
    out.line(
      `${rotated.unreadable} entries cannot be read and were left as they are: they were altered, or sealed under a key that is gone. The log names them; store these secrets again, or give them up by --forget-unreadable`,
    )
  if (rotated.forgotten > 0) out.line(`${rotated.forgotten} entries that no key opened are gone; store these secrets again`)
}
