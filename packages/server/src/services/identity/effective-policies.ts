// Which policies count for a caller. Worked out once for each, and again after any change of users, roles or policies.
import type { Caller } from '#kernel/context.js'
import type { Entity, IamDocuments, RoleDocument } from './iam-documents.js'
import { type CompiledPolicy, compilePolicy } from './policy/compile-policy.js'
import type { NamedPolicy, Policies } from './policy/decide.js'
import { type PolicyKind, parsePolicy } from './policy/parse-policy.js'
import { defaultRoleName, readyMadeRoles } from './ready-made-roles.js'

export interface CallerPolicies extends Pick<Policies, 'identity' | 'session'> {
  /** The user or the role that the caller acts as; absent for the root key. */
  entity: Entity | undefined
}

export interface EffectivePolicies {
  of(caller: Caller): CallerPolicies
  /** As IAM knows it, or ready-made; `undefined`: not defined here. */
  role(roleArn: string): RoleDocument | undefined
  roleNamed(name: string): RoleDocument | undefined
  allRoles(): Iterable<RoleDocument>
  isReadyMade(name: string): boolean
  trustOf(role: RoleDocument): NamedPolicy
  readonly generation: number
}

export function effectivePolicies(iam: IamDocuments, account: string): EffectivePolicies {
  const readyMade = readyMadeRoles(account)
  let known = { generation: -1, callers: new WeakMap<Caller, CallerPolicies>(), texts: new Map<string, CompiledPolicy>() }

  function current() {
    if (known.generation !== iam.generation) known = { generation: iam.generation, callers: new WeakMap(), texts: new Map() }
    return known
  }

  function compiled(text: string, kind: PolicyKind): CompiledPolicy {
    const { texts } = current()
    const found = texts.get(`${kind} ${text}`)
    if (found) return found
    const policy = compilePolicy(parsePolicy(text, kind))
    texts.set(`${kind} ${text}`, policy)
    return policy
  }

  function ofEntity(entity: Entity, who: string): NamedPolicy[] {
    const inline = Object.entries(entity.inlinePolicies).map(([name, text]) => ({
      name: `the policy ${name} of ${who}`,
      policy: compiled(text, 'identity'),
    }))
    return [...inline, ...entity.attachedPolicies.flatMap((arn) => managed(arn))]
  }

  function managed(arn: string): NamedPolicy[] {
    const policy = iam.policies.get(arn)
    const text = policy?.versions[policy.defaultVersion]?.text
    return text === undefined ? [] : [{ name: `the policy ${arn}`, policy: compiled(text, 'identity') }]
  }

  const roleNamed = (name: string) => iam.roles.get(name) ?? readyMade.get(name)

  function role(roleArn: string): RoleDocument | undefined {
    const found = roleNamed(roleArn.slice(roleArn.lastIndexOf('/') + 1))
    return found?.arn === roleArn ? found : undefined
  }

  function find(caller: Caller): CallerPolicies {
    if (caller.kind === 'root' || caller.kind === 'jwt') return { identity: 'everything', session: undefined, entity: undefined }
    if (caller.kind === 'user') {
      const user = iam.users.get(caller.principalArn.slice(caller.principalArn.lastIndexOf('/') + 1))
      return { identity: user ? ofEntity(user, `user ${user.name}`) : [], session: undefined, entity: user }
    }
    const { roleArn = '' } = caller
    const own = role(roleArn)
    const acting = own ?? roleNamed(defaultRoleName)
    const who = own ? `role ${roleArn}` : `role ${defaultRoleName}, as which ${roleArn} acts because it is not defined here,`
    const narrowed = caller.sessionPolicies && [
      ...caller.sessionPolicies.texts.map((text) => ({ name: 'the session policy', policy: compiled(text, 'identity') })),
      ...caller.sessionPolicies.arns.flatMap(managed),
    ]
    return { identity: acting ? ofEntity(acting, who) : [], session: narrowed, entity: acting }
  }

  return {
    of(caller) {
      const { callers } = current()
      const found = callers.get(caller)
      if (found) return found
      const fresh = find(caller)
      callers.set(caller, fresh)
      return fresh
    },
    role,
    roleNamed,
    allRoles: () => new Map([...readyMade, ...iam.roles]).values(),
    isReadyMade: (name) => readyMade.has(name),
    trustOf: ({ name, trustPolicy }) => ({ name: `the trust policy of role ${name}`, policy: compiled(trustPolicy, 'trust') }),
    get generation() {
      return iam.generation
    },
  }
}
