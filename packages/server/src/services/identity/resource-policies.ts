// Policies on resources: PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy. The owner of a kind tells whether an ARN is one of
// its own. AWS: developer guide, resource-based-policies.
import type {
  DeleteResourcePolicyRequest,
  GetResourcePolicyRequest,
  GetResourcePolicyResponse,
  PutResourcePolicyRequest,
  PutResourcePolicyResponse,
} from '@agentworks/model'
import { parseArn } from '#kernel/arn.js'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Store, type Transaction } from '#ports/store.js'
import type { ResourcePolicies } from './authorizer.js'
import { resourcePolicyLimits } from './limits.js'
import { compilePolicy } from './policy/compile-policy.js'
import type { NamedPolicy } from './policy/decide.js'
import { type PolicyDocument, PolicyFault } from './policy/document.js'
import { parsePolicy } from './policy/parse-policy.js'

/** `governs`: the actions that the policy can speak of; `bedrock-agentcore:*` in it means these, so that no policy locks its owner out. */
const policyTexts = collection<{ policy: string; governs: readonly string[] }>('resource-policies')

/** A kind of resource that can have a policy. */
export interface PolicyOwner {
  /** The actions that a policy on this ARN may govern; `undefined`: no existing resource of this kind. */
  governs(reader: Reader, scope: Scope, arn: string): Promise<readonly string[] | undefined>
}

export interface OpenResourcePolicies extends ResourcePolicies {
  operations(owners: readonly PolicyOwner[]): ReturnType<typeof resourcePolicyOperations>
  /** With the resource goes its policy: from the disk in the transaction that deletes it, then out of force by `forget`. */
  remove(tx: Transaction, scope: Scope, arn: string): Promise<void>
  forget(arn: string): void
}

interface InForce {
  byArn: Map<string, NamedPolicy>
  changed(): void
}

/** Every policy is in memory, ready to be asked: each request does. */
export async function openResourcePolicies(store: Store): Promise<OpenResourcePolicies> {
  let generation = 0
  const byArn = new Map(
    (await store.all(policyTexts)).map(({ id, document }) => [id, named(id, parsePolicy(document.policy, 'resource'), document.governs)]),
  )
  const inForce: InForce = { byArn, changed: () => void generation++ }
  return {
    of: (resourceArn) => byArn.get(resourceArn),
    get generation() {
      return generation
    },
    operations: (owners) => resourcePolicyOperations(store, owners, inForce),
    async remove(tx, scope, arn) {
      if (byArn.has(arn)) await tx.delete(policyTexts, scope, arn)
    },
    forget(arn) {
      if (byArn.delete(arn)) inForce.changed()
    },
  }
}

function named(arn: string, document: PolicyDocument, governs: readonly string[]): NamedPolicy {
  const policy = compilePolicy(document)
  return {
    name: `the policy of ${arn}`,
    policy: { ...policy, ask: (request) => (governs.includes(request.action) ? policy.ask(request) : []) },
  }
}

function resourcePolicyOperations(store: Store, owners: readonly PolicyOwner[], { byArn, changed }: InForce) {
  async function actionsOn(reader: Reader, scope: Scope, arn: string): Promise<readonly string[]> {
    const parsed = parseArn(arn)
    if (!parsed) throw invalid('resourceArn', `"${arn.slice(0, 200)}" is no ARN`)
    if (parsed.partition !== 'aws' || parsed.account !== scope.account || parsed.region !== scope.region) throw notFound('Resource', arn)
    for (const owner of owners) {
      const actions = await owner.governs(reader, scope, arn)
      if (actions) return actions
    }
    throw notFound('Resource', arn)
  }

  return {
    async PutResourcePolicy(ctx: Context, { resourceArn, policy }: PutResourcePolicyRequest): Promise<PutResourcePolicyResponse> {
      const parsed = checked(policy)
      const governs = await store.transaction(async (tx) => {
        const actions = await actionsOn(tx, ctx, resourceArn)
        checkMeaning(parsed, resourceArn, actions)
        await tx.put(policyTexts, ctx, resourceArn, { policy, governs: actions })
        return actions
      })
      byArn.set(resourceArn, named(resourceArn, parsed, governs))
      changed()
      return { policy }
    },

    async GetResourcePolicy(ctx: Context, { resourceArn }: GetResourcePolicyRequest): Promise<GetResourcePolicyResponse> {
      await actionsOn(store, ctx, resourceArn)
      const found = await store.get(policyTexts, ctx, resourceArn)
      if (!found) throw notFound('Resource policy of', resourceArn)
      return { policy: found.policy }
    },

    async DeleteResourcePolicy(ctx: Context, { resourceArn }: DeleteResourcePolicyRequest): Promise<object> {
      await store.transaction(async (tx) => {
        await actionsOn(tx, ctx, resourceArn)
        if (!(await tx.delete(policyTexts, ctx, resourceArn))) throw notFound('Resource policy of', resourceArn)
      })
      byArn.delete(resourceArn)
      changed()
      return {}
    },
  }
}

function checked(policy: string): PolicyDocument {
  const { bytes, statements } = resourcePolicyLimits
  if (Buffer.byteLength(policy) > bytes) throw invalid('policy', `has ${Buffer.byteLength(policy)} bytes; at most ${bytes} are allowed`)
  try {
    const parsed = parsePolicy(policy, 'resource')
    if (parsed.statements.length > statements)
      throw invalid('policy', `has ${parsed.statements.length} statements; at most ${statements} are allowed`)
    return parsed
  } catch (fault) {
    if (fault instanceof PolicyFault) throw invalid('policy', fault.message)
    throw fault
  }
}

function checkMeaning({ statements }: PolicyDocument, resourceArn: string, governed: readonly string[]): void {
  for (const { resources, actions } of statements) {
    const other = resources?.not ? 'NotResource' : resources?.patterns.find((pattern) => pattern !== resourceArn)
    if (other !== undefined) throw invalid('policy', `names the resource "${other.slice(0, 200)}"; Resource must be exactly ${resourceArn}`)
    if (actions.not) throw invalid('policy', 'has NotAction; name the actions that are meant')
    for (const action of actions.patterns) {
      const isGoverned = action.includes('*') || action.includes('?') || governed.some((one) => one.toLowerCase() === action.toLowerCase())
      if (!isGoverned) throw invalid('policy', `names the action ${action}; a policy on this resource governs ${governed.join(', ')}`)
    }
  }
}
