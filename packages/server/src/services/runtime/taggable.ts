// Which taggable things are the runtime's, and what their tags mean: runtimes and their endpoints.
import { parseArn } from '#kernel/arn.js'
import type { Scope } from '#kernel/scope.js'
import type { Reader } from '#ports/store.js'
import type { TagOwner } from '#services/tags/index.js'
import { endpointId, endpoints, runtimes } from './documents.js'
import { endpointResourcesIn, resourcesIn } from './resources.js'

export function taggable(changed: (scope: Scope, agentRuntimeId: string) => void): TagOwner {
  return {
    async owns(reader, scope, arn) {
      const named = namedBy(scope, arn)
      if (!named) return false
      const { agentRuntimeId, endpoint } = named
      if (endpoint === undefined) return (await reader.get(runtimes, scope, agentRuntimeId)) !== undefined
      return (await reader.get(endpoints, scope, endpointId(agentRuntimeId, endpoint))) !== undefined
    },
    async check(_reader: Reader, scope, arn, tags) {
      if (namedBy(scope, arn)?.endpoint === undefined) resourcesIn(tags)
      else endpointResourcesIn(tags)
    },
    changed(scope, arn) {
      const named = namedBy(scope, arn)
      if (named) changed(scope, named.agentRuntimeId)
    },
  }
}

function namedBy(scope: Scope, arn: string): { agentRuntimeId: string; endpoint: string | undefined } | undefined {
  const parsed = parseArn(arn)
  if (parsed?.service !== 'bedrock-agentcore' || parsed.account !== scope.account || parsed.region !== scope.region) return undefined
  const [kind, agentRuntimeId = '', subKind, endpoint, ...more] = parsed.resource.split('/')
  if (kind !== 'runtime' || more.length > 0) return undefined
  if (subKind === undefined) return { agentRuntimeId, endpoint: undefined }
  return subKind === 'runtime-endpoint' && endpoint !== undefined ? { agentRuntimeId, endpoint } : undefined
}
