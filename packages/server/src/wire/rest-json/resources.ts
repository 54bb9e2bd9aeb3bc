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

/** Resources that belong to no account have none in their ARN. */
const withoutAccount = /^foundation-model\//

/** Only members that say which resource is meant: labels, and members that hold its ARN. */
export function resourceNamer({ service, shapes }: ServiceModel, operation: Operation): (input: Record<string, unknown>, scope: Scope) => string {
  const shape = shapes[operation.input]
  const members = shape?.kind === 'structure' ? shape.members : {}
  const row = rows.find(([names]) => names.every((name) => members[name]?.at === 'label' || (members[name]?.required && name.endsWith('Arn'))))
  if (!row) return () => '*'
  const [names, template] = row
  const [head = '', ...parts] = template.split('{').map((part) => part.split('}'))
  const fill = (input: Record<string, unknown>) =>
    parts.reduce((text, [name = '', rest]) => `${text}${String(input[name] ?? '')}${rest}`, head[0] ?? '')
  const isWithoutAccount = withoutAccount.test(template)
  return (input, scope) => {
    const last = String(input[names.at(-1) ?? ''] ?? '')
    // Many members take an id or the whole ARN.
    if (last.startsWith('arn:')) return last
    return formatArn(service, isWithoutAccount ? { ...scope, account: '' } : scope, fill(input))
  }
}
