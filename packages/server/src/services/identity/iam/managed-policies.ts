// iam: managed policies and their versions. Those of AWS itself (arn:aws:iam::aws:policy/…) are not here.
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import { type QueryParameters, type QueryTree, required } from '#kernel/query.js'
import { newId } from '#services/identity/entity-ids.js'
import type { ManagedPolicyDocument } from '#services/identity/iam-documents.js'
import { iamLimits } from '#services/identity/limits.js'
import { alreadyExists, deleteConflict, descriptionIn, limitExceeded, nameIn, noSuchEntity, pageOf, pathIn, policyIn, tagsIn } from './input.js'
import { encoded, presentPolicy, time } from './output.js'
import type { IamWorld } from './world.js'

export function managedPolicyOperations({ account, iam, clock, ids }: IamWorld) {
  function policyNamed(parameters: QueryParameters): ManagedPolicyDocument {
    const arn = required(parameters, 'PolicyArn')
    const policy = iam.policies.get(arn)
    if (!policy) throw noSuchEntity('policy', arn.slice(0, 200))
    return policy
  }

  const usersOf = (arn: string) =>
    [...iam.roles.values(), ...iam.users.values()].filter(({ attachedPolicies }) => attachedPolicies.includes(arn)).length
  const textIn = (parameters: QueryParameters) => policyIn(parameters, 'PolicyDocument', 'identity', iamLimits.managedPolicyCharacters)

  return {
    async CreatePolicy(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const [name, path, now] = [nameIn(parameters, 'PolicyName', 128), pathIn(parameters), clock.now()]
      const arn = `arn:aws:iam::${account}:policy${path}${name}`
      const policy: ManagedPolicyDocument = {
        name,
        path,
        id: newId('ANPA', ids),
        arn,
        description: descriptionIn(parameters),
        createdAt: now,
        updatedAt: now,
        tags: tagsIn(parameters),
        defaultVersion: 1,
        latestVersion: 1,
        versions: { 1: { text: textIn(parameters), createdAt: now } },
      }
      await iam.change((edit) => {
        if ([...iam.policies.values()].some((one) => one.name === name)) throw alreadyExists('policy called', name)
        if (iam.policies.size >= iamLimits.policiesPerAccount)
          throw limitExceeded(`there are ${iamLimits.policiesPerAccount} policies, which is the limit`)
        edit.put('policies', arn, policy)
      })
      return { Policy: presentPolicy(policy, 0) }
    },

    async GetPolicy(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const policy = policyNamed(parameters)
      return { Policy: presentPolicy(policy, usersOf(policy.arn)) }
    },

    async ListPolicies(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const scope = parameters.get('Scope') ?? 'All'
      if (!['All', 'AWS', 'Local'].includes(scope)) throw invalid('Scope', 'must be All, AWS or Local')
      const usage = parameters.get('PolicyUsageFilter')
      if (usage !== undefined && usage !== 'PermissionsPolicy')
        throw invalid('PolicyUsageFilter', 'must be PermissionsPolicy; there are no permissions boundaries')
      const onlyAttached = parameters.get('OnlyAttached') === 'true'
      const all = scope === 'AWS' ? [] : [...iam.policies.values()].filter(({ arn }) => !onlyAttached || usersOf(arn) > 0)
      const { items, members } = pageOf(parameters, all, ({ arn }) => arn)
      return { Policies: items.map((policy) => presentPolicy(policy, usersOf(policy.arn), { inList: true })), ...members }
    },

    async DeletePolicy(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const { arn, versions } = policyNamed(parameters)
        if (usersOf(arn) > 0) throw deleteConflict('Cannot delete a policy attached to entities.')
        if (Object.keys(versions).length > 1)
          throw deleteConflict('This policy has more than one version. Before you delete a policy, you must delete the policy’s versions.')
        edit.remove('policies', arn)
      })
      return {}
    },

    async CreatePolicyVersion(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const [text, now] = [textIn(parameters), clock.now()]
      return iam.change((edit) => {
        const policy = policyNamed(parameters)
        if (Object.keys(policy.versions).length >= iamLimits.policyVersions)
          throw limitExceeded(`the policy has ${iamLimits.policyVersions} versions, which is the limit; delete one first`)
        const number = policy.latestVersion + 1
        const defaultVersion = parameters.get('SetAsDefault') === 'true' ? number : policy.defaultVersion
        const changed = {
          ...policy,
          latestVersion: number,
          defaultVersion,
          updatedAt: now,
          versions: { ...policy.versions, [number]: { text, createdAt: now } },
        }
        edit.put('policies', policy.arn, changed)
        return { PolicyVersion: presentVersion(changed, number) }
      })
    },

    async GetPolicyVersion(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const policy = policyNamed(parameters)
      const number = versionIn(policy, parameters)
      return { PolicyVersion: { ...presentVersion(policy, number), Document: encoded(policy.versions[number]?.text ?? '') } }
    },

    async ListPolicyVersions(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      const policy = policyNamed(parameters)
      const { items, members } = pageOf(parameters, Object.keys(policy.versions), (number) => number.padStart(9, '0'))
      return { Versions: items.map((number) => presentVersion(policy, Number(number))), ...members }
    },

    async SetDefaultPolicyVersion(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const policy = policyNamed(parameters)
        edit.put('policies', policy.arn, { ...policy, defaultVersion: versionIn(policy, parameters), updatedAt: clock.now() })
      })
      return {}
    },

    async DeletePolicyVersion(_ctx: Context, parameters: QueryParameters): Promise<QueryTree> {
      await iam.change((edit) => {
        const policy = policyNamed(parameters)
        const number = versionIn(policy, parameters)
        if (number === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.')
        const { [number]: _removed, ...versions } = policy.versions
        edit.put('policies', policy.arn, { ...policy, versions })
      })
      return {}
    },
  }
}

function versionIn({ arn, versions }: ManagedPolicyDocument, parameters: QueryParameters): number {
  const text = required(parameters, 'VersionId')
  const number = /^v[1-9][0-9]{0,6}$/.test(text) ? Number(text.slice(1)) : 0
  if (!Object.hasOwn(versions, number)) throw noSuchEntity('policy version', `${text.slice(0, 20)} of ${arn}`)
  return number
}

function presentVersion({ versions, defaultVersion }: ManagedPolicyDocument, number: number): QueryTree {
  return { VersionId: `v${number}`, IsDefaultVersion: number === defaultVersion, CreateDate: time(versions[number]?.createdAt ?? 0) }
}
