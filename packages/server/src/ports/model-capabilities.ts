// What a model provider can do, as lists; everything else in a Converse request is refused by name before the provider sees it.
import type { BedrockRuntime } from '@agentworks/model'
import { unsupportedMember } from '#kernel/errors.js'
import type { ModelRequest } from './model-provider.js'
import { refuseMalformedPaths } from './model-response-fields.js'

type MemberOf<Union> = Union extends unknown ? keyof Union : never

export interface ModelCapabilities {
  request: readonly (keyof ModelRequest)[]
  content: readonly MemberOf<BedrockRuntime.ContentBlock>[]
  toolResult: readonly MemberOf<BedrockRuntime.ToolResultContentBlock>[]
  system: readonly MemberOf<BedrockRuntime.SystemContentBlock>[]
  tools: readonly MemberOf<BedrockRuntime.Tool>[]
}

/** Throws a ValidationException that names the first member beyond `can`. */
export function refuseBeyond(can: ModelCapabilities, provider: string, request: ModelRequest): void {
  const why = `the model provider ${provider} has no such ability.`
  const check = (allowed: readonly string[], at: string, value: object) => {
    for (const member of present(value)) if (!allowed.includes(member)) throw unsupportedMember(at === '' ? member : `${at}.${member}`, why)
  }
  check([...can.request, ...neutral(request)], '', request)
  request.messages?.forEach((message, m) => {
    message.content.forEach((block, b) => {
      check(can.content, `messages.${m}.content.${b}`, block)
      block.toolResult?.content.forEach((part, p) => {
        check(can.toolResult, `messages.${m}.content.${b}.toolResult.content.${p}`, part)
      })
      const media = block.image ?? block.document ?? block.video
      if (media && provider !== 'bedrock' && media.source.s3Location) {
        throw unsupportedMember(`messages.${m}.content.${b}.source.s3Location`, 'send the bytes instead.')
      }
    })
  })
  request.system?.forEach((block, s) => {
    check(can.system, `system.${s}`, block)
  })
  request.toolConfig?.tools.forEach((tool, t) => {
    check(can.tools, `toolConfig.tools.${t}`, tool)
  })
}

/** Members whose value asks for nothing beyond the ordinary. */
function neutral(request: ModelRequest): (keyof ModelRequest)[] {
  // What nobody's answer holds is ignored: see model-response-fields.ts.
  refuseMalformedPaths(request.additionalModelResponseFieldPaths)
  const found: (keyof ModelRequest)[] = ['additionalModelResponseFieldPaths']
  if ((request.performanceConfig?.latency ?? 'standard') === 'standard') found.push('performanceConfig')
  if ((request.serviceTier?.type ?? 'default') === 'default') found.push('serviceTier')
  return found
}

function present(value: object): string[] {
  return Object.entries(value).flatMap(([member, given]) => (given === undefined ? [] : [member]))
}
