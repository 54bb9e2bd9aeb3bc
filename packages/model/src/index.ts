// The door of the model: AWS's operations and shapes as data, and as types.
import { readFileSync } from 'node:fs'
import type { ServiceModel } from './model.js'

export type * from './generated/types.js'
export type { Location, Member, Operation, ServiceModel, Shape } from './model.js'

/** The 238 AgentCore operations, both planes. */
export const bedrockAgentCore: ServiceModel = readAtFirstUse('bedrock-agentcore')

/** Models: Converse, ConverseStream, InvokeModel, InvokeModelWithResponseStream, CountTokens. */
export const bedrockRuntime: ServiceModel = readAtFirstUse('bedrock-runtime')

/** Importing a type or one service does not cost the parse of all. */
function readAtFirstUse(name: string): ServiceModel {
  let parsed: ServiceModel | undefined
  const read = () => {
    parsed ??= JSON.parse(readFileSync(new URL(`./generated/${name}.json`, import.meta.url), 'utf8')) as ServiceModel
    return parsed
  }
  return {
    get service() {
      return read().service
    },
    get operations() {
      return read().operations
    },
    get shapes() {
      return read().shapes
    },
  }
}
