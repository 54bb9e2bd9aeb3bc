// An echo with our SDK: context, checks and one log line a request included.
import { BedrockAgentCoreApp } from '@agentworks/sdk/runtime'

const app = new BedrockAgentCoreApp()
app.entrypoint((payload) => payload)
const { url } = await app.run({ port: 0 })
console.log(`ready on ${url}`)
