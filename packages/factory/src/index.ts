// The factory's door: installing it on a platform, proving the main job, and the small platform client that the command line shares.
export { type InstalledFactory, installFactory } from './install-factory.js'
export { type PlatformAccess, type PlatformClients, platformClients } from './platform/clients.js'
export { type CommandEnd, type CommandWish, runCommand } from './platform/command.js'
export { AgentFailed, type Answer, answerText, invokeRuntime, repeatsWhole, textOf, toolOf } from './platform/invocation.js'
export { ProofFailed, type ProofOptions, proveMainJob } from './prove-main-job.js'
