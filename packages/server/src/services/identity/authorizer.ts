// May this caller do this to that? Decided from the policies of the caller and of the resource, by IAM's rules.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
import { accessDenied } from '#kernel/errors.js'
import type { Asked, Authorizer } from '#ports/callers.js'
import type { CallerPolicies, EffectivePolicies } from './effective-policies.js'
import type { Entity } from './iam-documents.js'
import type { PolicyRequest } from './policy/compile-policy.js'
import { type Decision, decide, decideWithEndpoint, type NamedPolicy, type Policies } from './policy/decide.js'
import type { Principal } from './policy/principals.js'
import { tellUnknown, unknownActions } from './policy/unknown-actions.js'
import { requestValues } from './request-values.js'

/** What stands on a resource, by its ARN. */
export interface ResourcePolicies {
  of(resourceArn: string): NamedPolicy | undefined
  /** Rises with every change. */
  readonly generation: number
}

/** AWS: no permission is needed to ask who one is, and none can be taken away. */
const free = new Set(['sts:GetCallerIdentity'])

/** Of one caller. Names come from callers, so they must not fill the memory. */
const mostKept = 256

interface Kept {
  generation: number
  decisions: Map<string, Decision>
}

export function policyAuthorizer(options: { policies: EffectivePolicies; resourcePolicies: ResourcePolicies; clock: Clock }): Authorizer {
  const { policies, resourcePolicies, clock } = options
  const kept = new WeakMap<Caller, Kept>()

  function keptOf(caller: Caller): Map<string, Decision> {
    // Both only rise, so that a sum that is the same means that neither did.
    const generation = policies.generation + resourcePolicies.generation
    const found = kept.get(caller)
    if (found?.generation === generation) return found.decisions
    const decisions = new Map<string, Decision>()
    kept.set(caller, { generation, decisions })
    return decisions
  }

  function decisionOn(caller: Caller, action: string, resourceArn: string, asked: Asked | undefined): Decision {
    const decisions = keptOf(caller)
    const name = `${action}\0${resourceArn}\0${asked?.endpointArn ?? ''}`
    const found = decisions.get(name)
    if (found) return found
    const { identity, session, entity } = policies.of(caller)
    const role = action.startsWith('sts:') ? policies.role(resourceArn) : undefined
    const all: Policies = {
      identity,
      session,
      resource: role ? policies.trustOf(role) : resourcePolicies.of(resourceArn),
      isTrust: role !== undefined,
    }
    const values = requestValues({ caller, entity, clock, asked })
    const request: PolicyRequest = { principal: principalOf(caller), action, resource: resourceArn, values }
    if (caller.kind === 'jwt') return decideOnToken(resourcePolicies, request, asked?.endpointArn)
    const endpoint = asked?.endpointArn === undefined ? undefined : { arn: asked.endpointArn, policy: resourcePolicies.of(asked.endpointArn) }
    const decision = endpoint ? decideWithEndpoint(all, request, endpoint) : decide(all, request)
    // A policy that looks at more than who asks for what is asked each time.
    const every = [...(identity === 'everything' ? [] : identity), ...(session ?? []), all.resource, endpoint?.policy]
    if (!every.some((named) => named?.policy.looksAtRequest(action))) keep(decisions, name, decision)
    return decision
  }

  return {
    authorize(caller, action, resourceArn, asked) {
      if (free.has(action)) return
      const decision = decisionOn(caller, action, resourceArn, asked)
      if (decision.allowed) return
      throw accessDenied(
        `${caller.principalArn} is not authorized to perform ${action} on resource ${resourceArn}: ${decision.because}.${hint(policies.of(caller))}`,
      )
    },
  }
}

function principalOf({ kind, account, principalArn, roleArn }: Caller): Principal {
  return kind === 'jwt' ? { kind: 'anybody' } : { kind, account, principalArn, roleArn }
}

/**
 * The token was accepted by the very resource that it calls (services/runtime/bearer-callers.ts), and no policy stands on its bearer: where
 * the runtime or its endpoint has a policy, that must allow whoever comes.
 */
function decideOnToken(resourcePolicies: ResourcePolicies, request: PolicyRequest, endpointArn: string | undefined): Decision {
  for (const arn of [request.resource, endpointArn]) {
    const policy = arn === undefined ? undefined : resourcePolicies.of(arn)
    const decision = policy && decide({ identity: [], session: undefined, resource: policy, isTrust: false }, { ...request, resource: arn ?? '' })
    if (decision && !decision.allowed) return decision
  }
  return { allowed: true }
}

function keep(decisions: Map<string, Decision>, name: string, decision: Decision): void {
  // The oldest goes, used or not: what is asked for often is back with its next question.
  if (decisions.size >= mostKept) for (const oldest of decisions.keys()) if (decisions.delete(oldest)) break
  decisions.set(name, decision)
}

/** By user or role as it stands: who is refused in a loop must not have the same policies searched each time. */
const hints = new WeakMap<Entity, string>()

/** Why a policy may not allow what its author thinks. */
function hint({ entity }: CallerPolicies): string {
  if (!entity) return ''
  const known = hints.get(entity)
  if (known !== undefined) return known
  const told = tellUnknown(Object.values(entity.inlinePolicies).flatMap((text) => unknownActions(text)))
  hints.set(entity, told && ` ${told}`)
  return told && ` ${told}`
}
