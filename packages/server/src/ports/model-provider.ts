// A model provider answers one Converse request. Always as a stream, in Bedrock's own words; Converse is its sum.
import type { ConverseRequest, ConverseStreamOutput } from '@agentworks/model'

export type ModelRequest = Omit<ConverseRequest, 'modelId'>

export interface ModelProvider {
  /** `offline`, `openai`, `anthropic`, `ollama`, `bedrock`. */
  readonly name: string
  /**
   * Yields messageStart, contentBlockStart/Delta/Stop, messageStop, metadata, in this order and as they come; nothing is
   * buffered. Throws ServiceError in Bedrock's words: ThrottlingException, ValidationException for what the provider
   * cannot do (naming the member), ModelTimeoutException, ModelErrorException.
   */
  converse(modelId: string, request: ModelRequest, signal: AbortSignal): AsyncIterable<ConverseStreamOutput>
}
