// IAM's evaluation for callers of one account: an explicit deny wins; then what an identity's policies or the resource's allow.
// AWS: IAM user guide, reference_policies_evaluation-logic.
import type { CompiledPolicy, Finding, PolicyRequest } from './compile-policy.js'

export interface NamedPolicy {
  /** As a refusal names it: `the policy X of role Y`. */
  name: string
  policy: CompiledPolicy
}

export interface Policies {
  /** What stands on the caller. `everything`: the account's own key, which its policies do not limit. */
  identity: readonly NamedPolicy[] | 'everything'
  /** What temporary credentials were narrowed to. */
  session: readonly NamedPolicy[] | undefined
  /** What stands on the resource. */
  resource: NamedPolicy | undefined
  /** The resource's policy must allow whatever the identity's say: a role's trust policy. */
  isTrust: boolean
}

/** `isExplicit`: a statement denies it, so that no other can allow it. */
export type Decision = { allowed: true } | { allowed: false; because: string; isExplicit: boolean }

export function decide({ identity, session, resource, isTrust }: Policies, request: PolicyRequest): Decision {
  const own = identity === 'everything' ? [] : identity
  const all = [...own, ...(session ?? []), ...(resource ? [resource] : [])]
  const asked = new Map(all.map((named) => [named, named.policy.ask(request)]))
  for (const [{ name }, findings] of asked) {
    const denial = findings.find(({ effect }) => effect === 'Deny')
    if (denial) return { allowed: false, because: `${name} denies it${denial.sid ? ` in the statement "${denial.sid}"` : ''}`, isExplicit: true }
  }
  const allows = (named: readonly NamedPolicy[]) => named.some((one) => asked.get(one)?.some(({ effect }) => effect === 'Allow'))
  const identityAllows = identity === 'everything' || allows(identity)
  const sessionAllows = !session || allows(session)
  const granted = resource ? (asked.get(resource) ?? []).filter(({ effect }) => effect === 'Allow') : []
  // The resource's policy may name the very session, which no session policy narrows; or its role, which one does.
  const grants = granted.some(({ closeness }) => closeness === 'itself' || (closeness === 'role' && sessionAllows))
  if (isTrust) return trusted(granted, { resource, grants, allowed: identityAllows && sessionAllows })
  if ((identityAllows && sessionAllows) || grants) return { allowed: true }
  if (identityAllows) return implicitly(`${nameAll(session)} does not allow it`)
  const others = resource ? ', nor does the policy of the resource' : ''
  return implicitly(`${own.length === 0 ? 'no policy allows it' : `${nameAll(own)} does not allow it`}${others}`)
}

function trusted(
  granted: readonly Finding[],
  { resource, grants, allowed }: { resource: NamedPolicy | undefined; grants: boolean; allowed: boolean },
): Decision {
  if (granted.length === 0) return implicitly(`${resource?.name ?? 'the role'} does not name this caller`)
  if (grants || allowed) return { allowed: true }
  const isNamed = granted.some(({ closeness }) => closeness === 'role')
  return implicitly(
    isNamed
      ? `${resource?.name} names the role of the caller, and what the credentials were narrowed to does not allow it`
      : `${resource?.name} leaves it to the account, and no policy of the caller allows it`,
  )
}

/**
 * A runtime's endpoint has a policy of its own, and neither may block (developer guide, resource-based-policies): who is allowed by
 * policies of the identity needs no grant there, who is allowed by the runtime's policy alone does.
 */
export function decideWithEndpoint(all: Policies, request: PolicyRequest, endpoint: { arn: string; policy: NamedPolicy | undefined }): Decision {
  const onResource = decide(all, request)
  if (!onResource.allowed) return onResource
  const onEndpoint = decide({ ...all, resource: endpoint.policy }, { ...request, resource: endpoint.arn })
  if (onEndpoint.allowed || onEndpoint.isExplicit || !endpoint.policy) return onEndpoint.allowed || onEndpoint.isExplicit ? onEndpoint : onResource
  const byIdentity = decide({ ...all, resource: undefined }, request)
  return byIdentity.allowed ? byIdentity : onEndpoint
}

const implicitly = (because: string): Decision => ({ allowed: false, because, isExplicit: false })

function nameAll(policies: readonly NamedPolicy[] = []): string {
  const names = policies.map(({ name }) => name)
  return names.length > 3 ? `any of ${names.length} policies` : names.join(', nor ')
}
