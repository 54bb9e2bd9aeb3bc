// The door of `@agentworks/sdk/deploy`: a folder or an image becomes a READY agent.
export { InvalidCall } from '#client/invalid-call.js'
export { awsLimits, counted, sized } from '#packing/limits.js'
export { PackingFailed } from '#packing/packing-failed.js'
export { type Project, projectIn } from '#packing/project.js'
export { RuntimeNotReady } from './agent-runtimes.js'
export { type DeployAgentOptions, type DeployedAgent, type DeployProgress, deployAgent } from './deploy-agent.js'
export type { Deployment } from './deployment.js'
export type { AgentResources } from './resources.js'
