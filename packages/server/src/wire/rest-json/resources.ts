// Which ARN a call is about, for authorization and audit: a table from the members that name it to the ARN's resource part.
import type { Operation, ServiceModel } from '@agentworks/model'
import { formatArn } from '#kernel/arn.js'
import type { Scope } from '#kernel/scope.js'

/** The first row whose members the input all has as strings decides. `{…}` is filled from the input. */
const rows: readonly (readonly [members: readonly string[], resource: string])[] = [
  [['resourceArn'], '{resourceArn}'],
  [['agentRuntimeArn'], 'runtime/{agentRuntimeArn}'],
  [['harnessArn'], 'harness/{harnessArn}'],
  [['paymentManagerArn'], 'payment-manager/{paymentManagerArn}'],
  [['agentRuntimeId', 'endpointName'], 'runtime/{agentRuntimeId}/runtime-endpoint/{endpointName}'],
  [['agentRuntimeId'], 'runtime/{agentRuntimeId}'],
  [['capacityProviderId'], 'capacity-provider/{capacityProviderId}'],
  [['harnessId', 'endpointName'], 'harness/{harnessId}/harness-endpoint/{endpointName}'],
  [['harnessId'], 'harness/{harnessId}'],
  [['gatewayIdentifier', 'targetId'], 'gateway/{gatewayIdentifier}/target/{targetId}'],
  [['gatewayIdentifier'], 'gateway/{gatewayIdentifier}'],
  [['memoryId'], 'memory/{memoryId}'],
  [['browserId'], 'browser-custom/{browserId}'],
  [['profileId'], 'browser-profile/{profileId}'],
  [['profileIdentifier'], 'browser-profile/{profileIdentifier}'],
  [['browserIdentifier'], 'browser-custom/{browserIdentifier}'],
  [['codeInterpreterId'], 'code-interpreter-custom/{codeInterpreterId}'],
  [['codeInterpreterIdentifier'], 'code-interpreter-custom/{codeInterpreterIdentifier}'],
  [['evaluatorId'], 'evaluator/{evaluatorId}'],
  [['onlineEvaluationConfigId'], 'online-evaluation-config/{onlineEvaluationConfigId}'],
  [['batchEvaluationId'], 'batch-evaluate/{batchEvaluationId}'],
  [['datasetId'], 'dataset/{datasetId}'],
  [['bundleId'], 'configuration-bundle/{bundleId}'],
  [['abTestId'], 'ab-test/{abTestId}'],
  [['recommendationId'], 'recommendation/{recommendationId}'],
  [['policyEngineId', 'policyId'], 'policy-engine/{policyEngineId}/policy/{policyId}'],
  [['policyEngineId', 'policyGenerationId'], 'policy-engine/{policyEngineId}/policy-generation/{policyGenerationId}'],
  [['policyEngineId'], 'policy-engine/{policyEngineId}'],
  [['registryId', 'recordId'], 'registry/{registryId}/record/{recordId}'],
  [['registryId'], 'registry/{registryId}'],
  [['paymentManagerId', 'paymentConnectorId'], 'payment-manager/{paymentManagerId}/connector/{paymentConnectorId}'],
  [['paymentManagerId'], 'payment-manager/{paymentManagerId}'],
  [['modelId'], 'foundation-model/{modelId}'],
]

const workload = 'workload-identity-directory/default/workload-identity'
const vault = 'token-vault/default'

/** Identity's operations name their resource in the body, by members that mean something else elsewhere. */
const byOperation: Readonly<Record<string, readonly [members: readonly string[], resource: string]>> = Object.fromEntries([
  ...['Create', 'Get', 'Update', 'Delete'].flatMap((verb) => [
    [`${verb}WorkloadIdentity`, [['name'], `${workload}/{name}`]],
    [`${verb}ApiKeyCredentialProvider`, [['name'], `${vault}/apikeycredentialprovider/{name}`]],
    [`${verb}Oauth2CredentialProvider`, [['name'], `${vault}/oauth2credentialprovider/{name}`]],
  ]),
  ...['', 'ForJWT', 'ForUserId'].map((kind) => [`GetWorkloadAccessToken${kind}`, [['workloadName'], `${workload}/{workloadName}`]]),
  ['GetResourceApiKey', [['resourceCredentialProviderName'], `${vault}/apikeycredentialprovider/{resourceCredentialProviderName}`]],
  ['GetResourceOauth2Token', [['resourceCredentialProviderName'], `${vault}/oauth2credentialprovider/{resourceCredentialProviderName}`]],
])

/** Resources that belong to no account have none in their ARN. */
const withoutAccount = /^foundation-model\//

/** Bedrock's inference profiles are called as models are, and belong to the account. */
const acrossRegions = /^(?:us|us-gov|eu|apac|au|ca|jp|global)\./

/** Only members that say which resource is meant: labels, and members that hold its ARN. */
export function resourceNamer({ service, shapes }: ServiceModel, operation: Operation): (input: Record<string, unknown>, scope: Scope) => string {
  const shape = shapes[operation.input]
  const members = shape?.kind === 'structure' ? shape.members : {}
  const row =
    byOperation[operation.name] ??
    rows.find(([names]) => names.every((name) => members[name]?.at === 'label' || (members[name]?.required && name.endsWith('Arn'))))
  if (!row) return () => '*'
  const [names, template] = row
  const [head = '', ...parts] = template.split('{').map((part) => part.split('}'))
  const fill = (input: Record<string, unknown>) =>
    parts.reduce((text, [name = '', rest]) => `${text}${String(input[name] ?? '')}${rest}`, head[0] ?? '')
  const isWithoutAccount = withoutAccount.test(template)
  return (input, scope) => {
    if (names[0] === 'modelId' && acrossRegions.test(String(input.modelId))) return formatArn(service, scope, `inference-profile/${input.modelId}`)
    const last = String(input[names.at(-1) ?? ''] ?? '')
    // Many members take an id or the whole ARN. There is one partition: by another's name nobody comes past what policies say.
    if (last.startsWith('arn:')) return last.replace(/^arn:[^:]*:/, 'arn:aws:')
    return formatArn(service, isWithoutAccount ? { ...scope, account: '' } : scope, fill(input))
  }
}

/** Calls that go to a runtime by one of its endpoints: both have policies. */
export function endpointNamer(
  { shapes }: ServiceModel,
  operation: Operation,
): (input: Record<string, unknown>, resourceArn: string) => string | undefined {
  const shape = shapes[operation.input]
  const members = shape?.kind === 'structure' ? shape.members : {}
  if (!members.agentRuntimeArn || !members.qualifier) return () => undefined
  return ({ qualifier = 'DEFAULT' }, resourceArn) => `${resourceArn}/runtime-endpoint/${qualifier}`
}
