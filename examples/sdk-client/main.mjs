// A program that deploys an agent and talks to it: where and as whom is in the environment, as for every AWS client.
import { join } from 'node:path'
import { runtimeClient } from '@agentworks/sdk/client'
import { deployAgent } from '@agentworks/sdk/deploy'

const { agentRuntimeArn } = await deployAgent({ name: 'from_a_program', code: join(import.meta.dirname, '../streaming-node') })

using runtime = runtimeClient()
// Stopped when the program leaves this block: no session is left to its idle timeout.
await using session = runtime.session({ agentRuntimeArn, userId: 'user-123' })
for await (const piece of session.stream({ prompt: 'one two three' })) console.log(piece)

const command = await runtime.command({ agentRuntimeArn, runtimeSessionId: session.sessionId, command: 'echo beside the agent' })
for await (const { text } of command) process.stdout.write(text)
console.log(await command.ended())
