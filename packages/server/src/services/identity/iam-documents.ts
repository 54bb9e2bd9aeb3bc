// Users, roles and managed policies: what IAM keeps. All of it is in memory too, since every request asks; a change is on disk
// before it is in force.
import type { Scope } from '#kernel/scope.js'
import { type Collection, collection, type Store } from '#ports/store.js'

/** What users and roles have in common. */
export interface Entity {
  name: string
  path: string
  /** AWS's unique id, AROA… or AIDA…. */
  id: string
  arn: string
  createdAt: number
  tags: Readonly<Record<string, string>>
  /** Texts by policy name. */
  inlinePolicies: Readonly<Record<string, string>>
  /** ARNs of managed policies. */
  attachedPolicies: readonly string[]
}

export interface RoleDocument extends Entity {
  trustPolicy: string
  description?: string
  maxSessionSeconds: number
}

export interface UserDocument extends Entity {
  accessKeys: readonly UserAccessKey[]
}

export interface UserAccessKey {
  accessKeyId: string
  sealedSecret: string
  isActive: boolean
  createdAt: number
}

export interface ManagedPolicyDocument {
  name: string
  path: string
  id: string
  arn: string
  description?: string
  createdAt: number
  updatedAt: number
  tags: Readonly<Record<string, string>>
  /** Number of the version in force. */
  defaultVersion: number
  /** The newest version's number: a deleted one is not given again. */
  latestVersion: number
  versions: Readonly<Record<string, { text: string; createdAt: number }>>
}

interface Kinds {
  /** By name: two of one name under different paths cannot be. */
  roles: RoleDocument
  users: UserDocument
  /** By ARN. */
  policies: ManagedPolicyDocument
}
type Kind = keyof Kinds

export interface Edit {
  put<K extends Kind>(kind: K, id: string, document: Kinds[K]): void
  remove(kind: Kind, id: string): void
}

export interface IamDocuments {
  readonly roles: ReadonlyMap<string, RoleDocument>
  readonly users: ReadonlyMap<string, UserDocument>
  readonly policies: ReadonlyMap<string, ManagedPolicyDocument>
  /** Rises with every change: what was worked out from an earlier one no longer counts. */
  readonly generation: number
  /** One change after another. `work` reads the maps and says what becomes of them; what it throws leaves everything as it was. */
  change<Result>(work: (edit: Edit) => Result): Promise<Result>
}

const collections: { readonly [K in Kind]: Collection<Kinds[K]> } = {
  roles: collection('iam-roles'),
  users: collection('iam-users'),
  policies: collection('iam-policies'),
}

/** IAM is the account's, in every Region the same. */
const everyRegion = '*'

export async function openIamDocuments(store: Store, account: string): Promise<IamDocuments> {
  const scope: Scope = { account, region: everyRegion }
  const load = async <K extends Kind>(kind: K) =>
    new Map((await store.list<Kinds[K]>(collections[kind], scope)).map(({ id, document }) => [id, document]))
  const kept = { roles: await load('roles'), users: await load('users'), policies: await load('policies') }
  let generation = 0
  let last: Promise<unknown> = Promise.resolve()

  async function changeNow<Result>(work: (edit: Edit) => Result): Promise<Result> {
    const edits: { kind: Kind; id: string; document: Kinds[Kind] | undefined }[] = []
    const result = work({
      put: (kind, id, document) => void edits.push({ kind, id, document }),
      remove: (kind, id) => void edits.push({ kind, id, document: undefined }),
    })
    await store.transaction(async (tx) => {
      for (const { kind, id, document } of edits) {
        const of: Collection<unknown> = collections[kind]
        if (document) await tx.put(of, scope, id, document)
        else await tx.delete(of, scope, id)
      }
    })
    for (const { kind, id, document } of edits) {
      const map = kept[kind] as Map<string, Kinds[Kind]>
      if (document) map.set(id, document)
      else map.delete(id)
    }
    generation++
    return result
  }

  return {
    ...kept,
    get generation() {
      return generation
    },
    change(work) {
      const mine = last.then(() => changeNow(work))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
