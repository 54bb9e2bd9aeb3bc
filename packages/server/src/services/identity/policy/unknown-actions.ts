// Actions that AWS does not have. IAM takes them and they allow nothing, which is found out by a 403 much later; here they are told,
// with the nearest real one.
import { bedrockAgentCore } from '@agentworks/model'
import { parsePolicy } from './parse-policy.js'

export interface UnknownAction {
  action: string
  nearest: string
}

const prefix = 'bedrock-agentcore'
const mostTold = 5

/** Permissions that no operation of the model is named after. AWS: service authorization reference, Amazon Bedrock AgentCore. */
const permissionsOnly = [
  'InvokeAgentRuntimeForUser',
  'InvokeAgentRuntimeCommandShell',
  'InvokeAgentRuntimeWithWebSocketStream',
  'InvokeAgentRuntimeWithWebSocketStreamForUser',
  'InvokeGateway',
  'ConnectBrowserAutomationStream',
  'ConnectBrowserLiveViewStream',
  'AllowVendedLogDeliveryForResource',
  'CreateEventSourceMapping',
  'ManageAdminPolicy',
  'ManageResourceScopedPolicy',
  'PartiallyAuthorizeActions',
  'AuthorizeAction',
  'SynchronizeGatewayTargets',
]

const real: readonly string[] = [...new Set([...Object.keys(bedrockAgentCore.operations), ...permissionsOnly])]
const realByFolded = new Map(real.map((name) => [name.toLowerCase(), name]))

/** Of Bedrock's own many actions none is judged, unless it is plainly meant for AgentCore. */
export function unknownActions(policyText: string): UnknownAction[] {
  const { statements } = parsePolicy(policyText, 'identity')
  const found: UnknownAction[] = []
  for (const action of new Set(statements.flatMap(({ actions }) => actions.patterns))) {
    const nearest = nearestTo(action)
    if (nearest) found.push({ action, nearest: `${prefix}:${nearest}` })
    // Enough to see what is wrong, and no work without end.
    if (found.length === mostTold) break
  }
  return found
}

export function tellUnknown(found: readonly UnknownAction[]): string {
  return found.map(({ action, nearest }) => `AWS has no action ${action}; the nearest is ${nearest}.`).join(' ')
}

function nearestTo(action: string): string | undefined {
  const [service = '', name = ''] = action.split(':')
  if (name === '' || /[*?]/.test(name)) return undefined
  const isOurs = service.toLowerCase() === prefix
  if (isOurs && realByFolded.has(name.toLowerCase())) return undefined
  const plain = name.replace(/AgentCore/i, '').toLowerCase()
  const isMeantForUs = isOurs || service.startsWith(prefix) || (service === 'bedrock' && (/AgentCore/i.test(name) || realByFolded.has(plain)))
  if (!isMeantForUs) return undefined
  return realByFolded.get(plain) ?? closest(plain)
}

function closest(name: string): string {
  return real.reduce((best, one) => (distance(one.toLowerCase(), name) < distance(best.toLowerCase(), name) ? one : best))
}

/** Levenshtein's. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const changed = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
