import { serveA2A } from '@agentworks/sdk/a2a'
import { executor } from './executor.js'

await serveA2A({ agentCard: { name: 'NAME', description: 'Says what it hears' }, executor })
