import { httpPort } from './limits.js'

/** Agents see themselves addressed where they listen. */
export const agentHost = { host: `127.0.0.1:${httpPort}` }
