// Who may call and what they may do, in one piece: keys, users, roles, policies, and the decision.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
import type { Ids } from '#kernel/ids.js'
import type { QueryParameters } from '#kernel/query.js'
import type { Sealer } from '#ports/sealer.js'
import type { Store } from '#ports/store.js'
import { accessKeys } from './access-keys.js'
import { assumeRole, assumeRoleConditions, assumeRoleResource } from './assume-role.js'
import { policyAuthorizer } from './authorizer.js'
import { effectivePolicies } from './effective-policies.js'
import { iamScope } from './iam/index.js'
import { openIamDocuments } from './iam-documents.js'
import { unknownActions } from './policy/unknown-actions.js'
import { openResourcePolicies } from './resource-policies.js'
import { rolePassing } from './service-trust.js'
import { userAccessKeys } from './user-access-keys.js'

export interface CallersWorld {
  root: { accessKeyId: string; secretAccessKey: string }
  account: string
  store: Store
  sealer: Sealer
  clock: Clock
  ids: Ids
}

export type Callers = Awaited<ReturnType<typeof openCallers>>

export async function openCallers({ root, account, store, sealer, clock, ids }: CallersWorld) {
  const iam = await openIamDocuments(store, account)
  const resourcePolicies = await openResourcePolicies(store)
  const policies = effectivePolicies(iam, account)
  const keys = accessKeys({ root, account, clock, ids, users: userAccessKeys({ iam, sealer, account }), roleIdOf: (arn) => policies.role(arn)?.id })
  const authorizer = policyAuthorizer({ policies, resourcePolicies, clock })
  const scope = iamScope({ account, iam, policies, sealer, clock, ids })
  return {
    keys,
    authorizer,
    resourcePolicies,
    iam: scope,
    passing: rolePassing({ policies, authorizer, clock }),
    /** For the sts scope. */
    assumeRole: {
      operation: assumeRole({ policies, iam, authorizer, keys }),
      resource: (operation: string, parameters: QueryParameters) => (operation === 'AssumeRole' ? assumeRoleResource(parameters) : undefined),
      conditions: (operation: string, parameters: QueryParameters) => (operation === 'AssumeRole' ? assumeRoleConditions(parameters) : {}),
    },
    tagsOf: (caller: Caller) => policies.of(caller).entity?.tags ?? {},
    entityIdOf: (caller: Parameters<typeof policies.of>[0]) => policies.of(caller).entity?.id,
    /** Actions in the policies of a role or a user that AWS does not have. `undefined`: neither is there. */
    unknownActionsOf(kind: string, name: string) {
      const entity = kind === 'role' ? policies.roleNamed(name) : iam.users.get(name)
      if (!entity) return undefined
      const attached = entity.attachedPolicies.flatMap((arn) => Object.values(iam.policies.get(arn)?.versions ?? {}).map(({ text }) => text))
      return [...Object.values(entity.inlinePolicies), ...attached].flatMap((text) => unknownActions(text))
    },
  }
}
