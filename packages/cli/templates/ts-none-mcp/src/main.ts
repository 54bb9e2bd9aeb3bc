import { serveMcp } from '@agentworks/sdk/mcp'
import { newServer } from './server.js'

await serveMcp(newServer)
