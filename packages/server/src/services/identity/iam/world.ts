// What IAM's operations need.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Sealer } from '#ports/sealer.js'
import type { EffectivePolicies } from '#services/identity/effective-policies.js'
import type { IamDocuments } from '#services/identity/iam-documents.js'

export interface IamWorld {
  account: string
  iam: IamDocuments
  policies: EffectivePolicies
  sealer: Sealer
  clock: Clock
  ids: Ids
}
