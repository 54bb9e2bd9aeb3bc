// The door of `@agentworks/sdk/a2a`: an A2A agent as AgentCore Runtime wants it, on port 9000.
export { type A2ACard, type A2AOptions, serveA2A } from './serve-a2a.js'
