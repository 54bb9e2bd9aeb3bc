// What both kinds of credential providers have in common: where they lie, how many there may be, how they are found and listed.
import { formatArn, parseArn } from '#kernel/arn.js'
import { conflict, notFound, quotaExceeded } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Scope } from '#kernel/scope.js'
import type { Collection, Reader, Row, Transaction } from '#ports/store.js'
import type { TagOwner } from '#services/tags/index.js'
import { credentialProvidersPerAccount } from './limits.js'

export interface ProviderKind<Document> {
  collection: Collection<Document>
  /** In ARNs. */
  resource: 'apikeycredentialprovider' | 'oauth2credentialprovider'
  /** In words. */
  name: string
}

export const providerArn = (scope: Scope, { resource }: Pick<ProviderKind<unknown>, 'resource'>, name: string) =>
  formatArn('bedrock-agentcore', scope, `token-vault/default/${resource}/${name}`)

export async function findProvider<D>(reader: Reader, scope: Scope, kind: ProviderKind<D>, name: string): Promise<D> {
  const found = await reader.get(kind.collection, scope, name)
  if (!found) throw notFound(kind.name, name)
  return found
}

export async function insertProvider<D>(tx: Transaction, scope: Scope, kind: ProviderKind<D>, name: string, document: D): Promise<void> {
  if (!(await tx.insert(kind.collection, scope, name, document)))
    throw conflict(`A credential provider of this kind is named ${name} already. Choose another name, or update that one.`)
  const count = (await tx.list(kind.collection, scope, { limit: credentialProvidersPerAccount + 1 })).length
  if (count > credentialProvidersPerAccount)
    throw quotaExceeded(`There are ${credentialProvidersPerAccount} credential providers of this kind, which is the limit. Delete one first.`)
}

export async function listProviders<D>(
  reader: Reader,
  scope: Scope,
  kind: ProviderKind<D>,
  { maxResults = 20, nextToken }: { maxResults?: number; nextToken?: string },
): Promise<{ rows: Row<D>[]; nextToken: string | undefined }> {
  const found = await reader.list(kind.collection, scope, { after: decodePageToken(nextToken), limit: maxResults + 1 })
  const rows = found.slice(0, maxResults)
  return { rows, nextToken: found.length > maxResults ? encodePageToken(rows.at(-1)?.id ?? '') : undefined }
}

/** Things of the token vault and of the directory that have tags, by the last part but one of their ARN. */
export function taggableIn(kinds: Readonly<Record<string, Collection<unknown>>>, container: string): TagOwner {
  return {
    async owns(reader, scope, arn) {
      const parsed = parseArn(arn)
      if (parsed?.service !== 'bedrock-agentcore' || parsed.account !== scope.account || parsed.region !== scope.region) return false
      const [first, second, kind = '', name = '', ...more] = parsed.resource.split('/')
      if (first !== container || second !== 'default' || more.length > 0) return false
      const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
      return found !== undefined && (await reader.get(found, scope, name)) !== undefined
    },
  }
}
