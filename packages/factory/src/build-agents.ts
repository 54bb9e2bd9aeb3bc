// `npm run build`: bundles the agents beside the compiled library.
import { bundleAgents } from './bundle-agents.js'

await bundleAgents()
