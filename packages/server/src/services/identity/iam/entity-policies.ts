// The policies of a role or a user, inline and attached: the same operations under two names.
import type { Context } from '#kernel/context.js'
import { type QueryParameters, type QueryTree, required } from '#kernel/query.js'
import type { Edit, Entity } from '#services/identity/iam-documents.js'
import { iamLimits } from '#services/identity/limits.js'
import { charactersOf, limitExceeded, nameIn, noSuchEntity, pageOf, policyIn } from './input.js'
import { encoded } from './output.js'
import type { IamWorld } from './world.js'

export interface EntityKind {
  kind: 'Role' | 'User'
  /** Of all its inline policies together. */
  characters: number
  /** Throws NoSuchEntity. */
  find(name: string): Entity
  put(edit: Edit, entity: Entity): void
}

type Operation = (ctx: Context, parameters: QueryParameters) => Promise<QueryTree>

export function entityPolicies({ iam }: IamWorld, { kind, characters, find, put }: EntityKind): Readonly<Record<string, Operation>> {
  const member = `${kind}Name`
  const entityIn = (parameters: QueryParameters) => find(nameIn(parameters, member))

  const operations: Record<string, Operation> = {
    async [`Put${kind}Policy`](_ctx, parameters) {
      const name = nameIn(parameters, 'PolicyName', 128)
      const text = policyIn(parameters, 'PolicyDocument', 'identity', characters)
      await iam.change((edit) => {
        const entity = entityIn(parameters)
        const inlinePolicies = { ...entity.inlinePolicies, [name]: text }
        const sum = Object.values(inlinePolicies).reduce((all, one) => all + charactersOf(one), 0)
        if (sum > characters)
          throw limitExceeded(`the inline policies of ${entity.name} would have ${sum} characters; at most ${characters} are allowed`)
        put(edit, { ...entity, inlinePolicies })
      })
      return {}
    },

    async [`Get${kind}Policy`](_ctx, parameters) {
      const entity = entityIn(parameters)
      const name = required(parameters, 'PolicyName')
      return { [member]: entity.name, PolicyName: name, PolicyDocument: encoded(inline(entity, name)) }
    },

    async [`List${kind}Policies`](_ctx, parameters) {
      const { items, members } = pageOf(parameters, Object.keys(entityIn(parameters).inlinePolicies), (name) => name)
      return { PolicyNames: items, ...members }
    },

    async [`Delete${kind}Policy`](_ctx, parameters) {
      const name = required(parameters, 'PolicyName')
      await iam.change((edit) => {
        const entity = entityIn(parameters)
        inline(entity, name)
        const { [name]: _removed, ...inlinePolicies } = entity.inlinePolicies
        put(edit, { ...entity, inlinePolicies })
      })
      return {}
    },

    async [`Attach${kind}Policy`](_ctx, parameters) {
      const arn = required(parameters, 'PolicyArn')
      await iam.change((edit) => {
        const entity = entityIn(parameters)
        if (!iam.policies.has(arn)) throw noSuchEntity('policy', `${arn.slice(0, 200)}, which must be one of this account (CreatePolicy),`)
        if (entity.attachedPolicies.includes(arn)) return
        if (entity.attachedPolicies.length >= iamLimits.attachedPolicies)
          throw limitExceeded(`${entity.name} has ${iamLimits.attachedPolicies} attached policies, which is the limit`)
        put(edit, { ...entity, attachedPolicies: [...entity.attachedPolicies, arn] })
      })
      return {}
    },

    async [`Detach${kind}Policy`](_ctx, parameters) {
      const arn = required(parameters, 'PolicyArn')
      await iam.change((edit) => {
        const entity = entityIn(parameters)
        if (!entity.attachedPolicies.includes(arn)) throw noSuchEntity('attached policy', arn.slice(0, 200))
        put(edit, { ...entity, attachedPolicies: entity.attachedPolicies.filter((one) => one !== arn) })
      })
      return {}
    },

    async [`ListAttached${kind}Policies`](_ctx, parameters) {
      const { items, members } = pageOf(parameters, entityIn(parameters).attachedPolicies, (arn) => arn)
      return { AttachedPolicies: items.map((arn) => ({ PolicyName: iam.policies.get(arn)?.name, PolicyArn: arn })), ...members }
    },
  }
  return operations
}

function inline({ name: entity, inlinePolicies }: Entity, name: string): string {
  const text = Object.hasOwn(inlinePolicies, name) ? inlinePolicies[name] : undefined
  if (text === undefined) throw noSuchEntity('policy', `${name.slice(0, 128)} of ${entity}`)
  return text
}
