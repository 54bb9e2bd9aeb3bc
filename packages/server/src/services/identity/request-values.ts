// The values of condition keys in one request: what the caller is, and what the call says. AWS: IAM user guide,
// reference_policies_condition-keys. A key that is not here has no value: there is no VPC (aws:SourceVpc), no second factor.
import type { Clock } from '#kernel/clock.js'
import type { Caller } from '#kernel/context.js'
import type { Asked, ConditionFacts } from '#ports/callers.js'
import { userIdOf } from './get-caller-identity.js'
import type { Entity } from './iam-documents.js'
import type { ConditionValues } from './policy/patterns.js'

interface Asking {
  caller: Caller
  /** The user or the role that it acts as. */
  entity: Entity | undefined
  clock: Clock
  asked: Asked | undefined
}

/** Names are looked up without regard to capitals, as IAM does. Nothing is worked out before it is asked for. */
export function requestValues({ caller, entity, clock, asked }: Asking): ConditionValues {
  let facts: Map<string, readonly string[]> | undefined
  return (key) => {
    const name = key.toLowerCase()
    facts ??= lowerCase({ ...ofCaller(caller, entity), ...asked?.conditions?.() })
    if (name === 'aws:currenttime') return [new Date(clock.now()).toISOString()]
    if (name === 'aws:epochtime') return [String(Math.floor(clock.now() / 1000))]
    return facts.get(name)
  }
}

const principalTypes = { root: 'Account', user: 'User', session: 'AssumedRole', jwt: 'Anonymous' } as const

function ofCaller(caller: Caller, entity: Entity | undefined): ConditionFacts {
  const { kind, account, principalArn, roleArn, session } = caller
  return {
    // Of a session it is the role's, so that a policy need not know the session's name.
    'aws:PrincipalArn': roleArn ?? principalArn,
    'aws:PrincipalAccount': account,
    'aws:PrincipalType': principalTypes[kind],
    'aws:PrincipalIsAWSService': 'false',
    'aws:ViaAWSService': 'false',
    'aws:ResourceAccount': account,
    'aws:userid': userIdOf(caller, entity?.id),
    'aws:username': kind === 'user' ? entity?.name : undefined,
    'bedrock-agentcore:RuntimeAuthorizerType': kind === 'jwt' ? 'CUSTOM_JWT' : 'AWS_IAM',
    'agentworks:AgentRuntimeId': session?.agentRuntimeId,
    ...Object.fromEntries(Object.entries({ ...entity?.tags, ...caller.sessionTags }).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
  }
}

function lowerCase(facts: ConditionFacts): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(facts)) if (value !== undefined) found.set(key.toLowerCase(), typeof value === 'string' ? [value] : value)
  return found
}
