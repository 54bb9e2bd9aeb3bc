// Whom a role trusts: checked when a trust policy is written, and when a runtime is to run with the role.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
import { accessDenied, invalid, ServiceError } from '#kernel/errors.js'
import type { Asked, Authorizer } from '#ports/callers.js'
import type { EffectivePolicies } from './effective-policies.js'
import { decide } from './policy/decide.js'
import { parsePolicy } from './policy/parse-policy.js'

/** AWS: developer guide, runtime-permissions. */
const agentCore = 'bedrock-agentcore.amazonaws.com'

export interface RolePassing {
  /**
   * Throws AccessDeniedException unless the caller may pass the role to AgentCore, and ValidationException when a role that is defined
   * here does not let AgentCore assume it. `sourceArn`: the resource that is to run with the role.
   */
  passRole(caller: Caller, role: { roleArn: string; member: string; sourceArn: string }, asked?: Asked): void
  /** AgentCore takes the role for an agent. Throws AccessDeniedException when the trust in it was taken back since it was passed. */
  takeRole(role: { roleArn: string; sourceArn: string; account: string }): void
}

export function rolePassing({ policies, authorizer, clock }: { policies: EffectivePolicies; authorizer: Authorizer; clock: Clock }): RolePassing {
  /** Why AgentCore cannot assume the role; `undefined`: it can. */
  function refusalOf(roleArn: string, sourceArn: string, account: string): string | undefined {
    const role = policies.role(roleArn)
    // One that is not defined here acts as the default role, which trusts AgentCore.
    if (!role) return undefined
    const facts: Readonly<Record<string, string>> = {
      'aws:sourceaccount': account,
      'aws:sourcearn': sourceArn,
      'aws:principalisawsservice': 'true',
      'aws:principalservicename': agentCore,
      'aws:currenttime': new Date(clock.now()).toISOString(),
    }
    const values = (key: string) => {
      const value = facts[key.toLowerCase()]
      return value === undefined ? undefined : [value]
    }
    const decision = decide(
      { identity: 'everything', session: undefined, resource: policies.trustOf(role), isTrust: true },
      { principal: { kind: 'service', service: agentCore }, action: 'sts:AssumeRole', resource: roleArn, values },
    )
    if (decision.allowed) return undefined
    const trusted = servicesIn(role.trustPolicy).filter((service) => service !== agentCore)
    const instead = trusted.length > 0 ? `it trusts ${trusted.join(', ')}` : 'its trust policy does not allow it for this resource'
    return `AgentCore cannot assume the role ${roleArn}: ${instead}. Its trust policy must let the service ${agentCore} do sts:AssumeRole.`
  }

  return {
    passRole(caller, { roleArn, member, sourceArn }, asked) {
      const conditions = () => ({ ...asked?.conditions?.(), 'iam:PassedToService': agentCore, 'iam:AssociatedResourceArn': sourceArn })
      authorizer.authorize(caller, 'iam:PassRole', roleArn, { conditions })
      const refusal = refusalOf(roleArn, sourceArn, caller.account)
      if (refusal) throw invalid(member, refusal)
    },

    takeRole({ roleArn, sourceArn, account }) {
      const refusal = refusalOf(roleArn, sourceArn, account)
      if (refusal) throw accessDenied(refusal)
    },
  }
}

/** AWS refuses a service principal that it does not have. We know few of them, but what is meant for AgentCore is plain. */
export function checkTrust(trustPolicy: string, member: string): void {
  const wrong = servicesIn(trustPolicy).find((service) => service.includes('agentcore') && service !== agentCore)
  if (wrong) throw malformed(member, `Invalid principal in policy: "SERVICE":"${wrong}". The nearest real one is "${agentCore}"`)
  for (const { actions } of parsePolicy(trustPolicy, 'trust').statements) {
    const other = actions.patterns.find((action) => !action.toLowerCase().startsWith('sts:'))
    if (other !== undefined) throw malformed(member, `AssumeRole policy may only specify STS AssumeRole actions, not ${other}`)
  }
}

function servicesIn(trustPolicy: string): string[] {
  const { statements } = parsePolicy(trustPolicy, 'trust')
  return statements.flatMap(({ principals }) => (principals?.listed ?? []).filter(({ kind }) => kind === 'Service').map(({ value }) => value))
}

const malformed = (member: string, why: string) => new ServiceError('MalformedPolicyDocumentException', `${member}: ${why}.`)
