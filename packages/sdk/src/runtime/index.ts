// The door of `@agentworks/sdk/runtime`: the HTTP contract of an AgentCore runtime as one small app.
export { type AppOptions, BedrockAgentCoreApp, type RunningApp, type RunOptions } from './app.js'
export { getContext, type RequestContext } from './context.js'
export { HttpError } from './http-error.js'
export type { Entrypoint } from './invocation.js'
export type { Logger } from './log.js'
export type { AsyncTaskInfo, PingHandler, PingStatus } from './ping.js'
