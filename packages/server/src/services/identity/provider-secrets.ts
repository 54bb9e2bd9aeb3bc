// Where a credential provider's secret lies: in the vault, kept by the platform (MANAGED), or in a secret of the customer's own (EXTERNAL).
import type { SecretReference, SecretSourceType } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import { dropOwnedSecret, namedSecretArn, putOwnedSecret, readSecret, secretArn } from '#services/secrets/index.js'
import type { CredentialProviderPorts } from './ports.js'

export interface ProviderSecret {
  source: SecretSourceType
  secretArn: string
  jsonKey: string
}

/** What a caller gave, checked, but with nothing written. */
export type GivenSecret = { source: 'MANAGED'; value: string } | { source: 'EXTERNAL'; secretArn: string; jsonKey: string }

export interface SecretMembers {
  value: string | undefined
  reference: SecretReference | undefined
  source: SecretSourceType | undefined
}

/** The names that these members have in the call, for what is said of them. */
export interface SecretFields {
  value: string
  reference: string
  source: string
}

const owningService = 'bedrock-agentcore-identity'

/** `undefined` when none of the members is there: whether that may be is the caller's to say. */
export async function givenSecret(
  { store, vaultSealer, clock, authorizer }: CredentialProviderPorts,
  ctx: Context,
  { value, reference, source }: SecretMembers,
  fields: SecretFields,
): Promise<GivenSecret | undefined> {
  if (source === 'EXTERNAL' || (source === undefined && reference)) {
    if (value) throw invalid(fields.value, `is for ${fields.source} MANAGED; leave it out where ${fields.reference} says where the secret lies`)
    if (!reference) throw invalid(fields.reference, `is required when ${fields.source} is EXTERNAL`)
    const { secretId, jsonKey } = reference
    // Whoever could not read the secret must not have a provider read it out.
    authorizer.authorize(ctx.caller, 'secretsmanager:GetSecretValue', namedSecretArn(ctx, secretId), ctx)
    const found = await readSecret({ store, vaultSealer, clock }, ctx, secretId)
    if (!found) throw invalid(fields.reference, `there is no secret ${secretId.slice(0, 300)}; make it with secretsmanager CreateSecret`)
    if (valueAt(found.value, jsonKey) === undefined)
      throw invalid(fields.reference, `the secret is no JSON object with a text under the key "${jsonKey}"`)
    return { source: 'EXTERNAL', secretArn: secretArn(ctx, found.secret.name), jsonKey }
  }
  if (reference) throw invalid(fields.reference, `is for ${fields.source} EXTERNAL; leave it out, or leave out ${fields.source}`)
  if (!value) {
    if (source === undefined && value === undefined) return undefined
    throw invalid(fields.value, 'must hold the secret itself')
  }
  return { source: 'MANAGED', value }
}

/** `name` is the managed secret's own, and `jsonKey` the key in it: AWS's are `bedrock-agentcore-identity!default/apikey/NAME` and the like. */
export async function keepSecret(
  tx: Transaction,
  ports: CredentialProviderPorts,
  scope: Scope,
  { name, jsonKey }: { name: string; jsonKey: string },
  given: GivenSecret,
): Promise<ProviderSecret> {
  if (given.source === 'EXTERNAL') {
    await dropOwnedSecret(tx, scope, name)
    return given
  }
  const arn = await putOwnedSecret(tx, ports, scope, { name, owningService, value: JSON.stringify({ [jsonKey]: given.value }) })
  return { source: 'MANAGED', secretArn: arn, jsonKey }
}

/** The secret itself. An EXTERNAL one may have changed or gone since the provider was made. */
export async function openSecret(ports: CredentialProviderPorts, scope: Scope, { secretArn: arn, jsonKey, source }: ProviderSecret): Promise<string> {
  const found = await readSecret(ports, scope, arn)
  const value = found && valueAt(found.value, jsonKey)
  if (value !== undefined) return value
  throw new ServiceError(
    'ValidationException',
    source === 'EXTERNAL'
      ? `The secret ${arn} of the credential provider is gone, or holds no text under "${jsonKey}". Restore it, or update the provider.`
      : `The secret of the credential provider is gone. Update the provider with a new one.`,
  )
}

function valueAt(text: string, jsonKey: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const value =
      typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, jsonKey) ? (parsed as Record<string, unknown>)[jsonKey] : undefined
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    // The parser's message could quote the secret.
    return undefined
  }
}
