// sts AssumeRole: credentials of a role for whom its trust policy names. They last in memory only: a restart ends them.
import type { Context } from '#kernel/context.js'
import { accessDenied, invalid, ServiceError } from '#kernel/errors.js'
import { listOf, type QueryParameters, type QueryTree, refuseUnsupported, required, wholeNumber } from '#kernel/query.js'
import type { Authorizer, ConditionFacts } from '#ports/callers.js'
import type { SessionAccessKeys } from './access-keys.js'
import type { EffectivePolicies } from './effective-policies.js'
import { policyIn, tagsIn } from './iam/input.js'
import type { IamDocuments } from './iam-documents.js'
import { assumeRoleLimits } from './limits.js'

interface AssumeRoleWorld {
  policies: EffectivePolicies
  iam: IamDocuments
  authorizer: Authorizer
  keys: SessionAccessKeys
}

const unsupported = {
  SerialNumber: 'there is no second factor.',
  TokenCode: 'there is no second factor.',
  SourceIdentity: 'the session name tells who acts.',
  TransitiveTagKeys: 'give the tags again when a role takes another.',
  ProvidedContexts: 'there is no identity center.',
}

/** What the trust policy of the role is asked about: the pipeline's question, before anything here runs. */
export const assumeRoleResource = (parameters: QueryParameters) => parameters.get('RoleArn')
export const assumeRoleConditions = (parameters: QueryParameters): ConditionFacts => ({
  'sts:ExternalId': parameters.get('ExternalId'),
  'sts:RoleSessionName': parameters.get('RoleSessionName'),
  ...tagConditions(tagNamesAndValues(parameters)),
})

export function assumeRole({ policies, iam, authorizer, keys }: AssumeRoleWorld) {
  return async (ctx: Context, parameters: QueryParameters): Promise<QueryTree> => {
    refuseUnsupported(parameters, unsupported)
    const roleArn = required(parameters, 'RoleArn')
    const name = required(parameters, 'RoleSessionName')
    if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw invalid('RoleSessionName', `"${name.slice(0, 64)}" must be 2 to 64 of letters, digits and _+=,.@-`)
    const externalId = parameters.get('ExternalId')
    if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
      throw invalid('ExternalId', 'must be 2 to 1224 of letters, digits and _+=,.@:/-')
    const role = policies.role(roleArn)
    // AWS tells nobody which roles are there.
    if (!role)
      throw accessDenied(
        `${ctx.caller.principalArn} is not authorized to perform sts:AssumeRole on resource ${roleArn.slice(0, 2048)}: no such role is defined here; \`agentworks roles list\` shows which are.`,
      )
    const session = keys.assume({
      account: ctx.account,
      roleArn,
      roleId: role.id,
      takenBy: ctx.caller,
      principalArn: `arn:aws:sts::${ctx.account}:assumed-role/${role.name}/${name}`,
      seconds: lifetime(ctx, parameters, role.maxSessionSeconds),
      sessionTags: sessionTags(ctx, parameters, { roleArn, authorizer }),
      sessionPolicies: sessionPolicies(parameters, iam),
    })
    return {
      Credentials: {
        AccessKeyId: session.AccessKeyId,
        SecretAccessKey: session.SecretAccessKey,
        SessionToken: session.Token,
        Expiration: session.Expiration,
      },
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${name}`, Arn: `arn:aws:sts::${ctx.account}:assumed-role/${role.name}/${name}` },
    }
  }
}

function lifetime({ caller }: Context, parameters: QueryParameters, maxSessionSeconds: number): number {
  const { durationSeconds, chainedSeconds } = assumeRoleLimits
  const asked = wholeNumber(parameters, 'DurationSeconds', [durationSeconds.least, durationSeconds.most]) ?? durationSeconds.usual
  if (asked > maxSessionSeconds) throw invalid('DurationSeconds', `exceeds the MaxSessionDuration of the role, ${maxSessionSeconds}`)
  if (caller.kind === 'session' && asked > chainedSeconds)
    throw invalid('DurationSeconds', `exceeds the ${chainedSeconds} seconds that credentials of a role may ask for another role's`)
  return asked
}

/** Tagging a session is an action of its own, which the role's trust policy must allow too. */
function sessionTags(
  ctx: Context,
  parameters: QueryParameters,
  { roleArn, authorizer }: { roleArn: string; authorizer: Authorizer },
): Readonly<Record<string, string>> | undefined {
  const tags = tagsIn(parameters)
  if (Object.keys(tags).length === 0) return undefined
  authorizer.authorize(ctx.caller, 'sts:TagSession', roleArn, ctx)
  return tags
}

function tagNamesAndValues(parameters: QueryParameters): [string, string][] {
  return listOf(parameters, 'Tags').map(({ Key = '', Value = '' }) => [Key, Value])
}

const tagConditions = (tags: readonly [string, string][]): ConditionFacts => ({
  ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  'aws:TagKeys': tags.length > 0 ? tags.map(([key]) => key) : undefined,
})

function sessionPolicies(parameters: QueryParameters, iam: IamDocuments): { texts: readonly string[]; arns: readonly string[] } | undefined {
  const arns = listOf(parameters, 'PolicyArns').map(({ arn = '' }) => arn)
  const unknown = arns.find((arn) => !iam.policies.has(arn))
  if (unknown !== undefined)
    throw new ServiceError('MalformedPolicyDocumentException', `PolicyArns: there is no policy ${unknown.slice(0, 200)} here.`)
  if (arns.length > assumeRoleLimits.policyArns) throw invalid('PolicyArns', `at most ${assumeRoleLimits.policyArns} are allowed`)
  const texts = parameters.has('Policy') ? [policyIn(parameters, 'Policy', 'identity', assumeRoleLimits.sessionPolicyCharacters)] : []
  return arns.length + texts.length > 0 ? { texts, arns } : undefined
}
