// The door of `@agentworks/sdk/testing`: an agent called from a test, in the same process without a port or as a process of its own.
export type { AgentCalls, CallOptions, PlainAnswer } from './agent-calls.js'
export type { AgentInput, AgentItem, AgentOutput } from './handler-types.js'
export { InvocationFailed } from './invocation-failed.js'
export { type AgentProcess, type StartOptions, startAgent } from './start-agent.js'
export { testApp } from './test-app.js'
