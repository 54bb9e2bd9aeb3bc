// Agent frameworks, each with its own class for models on Bedrock, which the platform answers: the model asks for a tool, the tool calculates, the model tells.
import { match } from 'node:assert/strict'
import { answerOf, type GuestWorld } from './answers.ts'
import { NotToBeHad } from './results.ts'
import { hostPythons, nodeGuest, pythonGuest } from './third-party.ts'

interface Framework {
  /** As people call it, with its class for models. */
  title: string
  /** Its folder in guests/. */
  guest: string
  language: 'python' | 'node'
}

const frameworks: readonly Framework[] = [
  { title: 'LangGraph on ChatBedrockConverse', guest: 'langgraph', language: 'python' },
  { title: 'LlamaIndex on BedrockConverse', guest: 'llamaindex', language: 'python' },
  { title: 'Strands for TypeScript on its default model', guest: 'strands-node', language: 'node' },
  { title: 'LangGraph.js on ChatBedrockConverse', guest: 'langgraph-node', language: 'node' },
  { title: 'Vercel AI on amazonBedrock', guest: 'vercel-ai', language: 'node' },
]

export async function frameworkSuites(world: GuestWorld): Promise<void> {
  for (const framework of frameworks) {
    await world.results.test(`${framework.title} (${framework.language}) calls its tool and answers`, () => calculates(world, framework))
  }
  await world.results.test(autoGen, async () => {
    throw new NotToBeHad('its 438 MB take minutes; by itself: npm run test:interop -- autogen')
  })
  await world.results.test('CrewAI calls its tool and answers', async () => {
    throw new NotToBeHad('its packages unpack to more than the 750 MB that a code package may have, here as at AWS; it takes an image')
  })
}

const autoGen = "AutoGen on Semantic Kernel's BedrockChatCompletion answers"

/** Runs when it is named. Without a tool: AutoGen's adapter tells the model that every argument is an object, which ours takes no text for. */
export async function autoGenSuite(world: GuestWorld): Promise<void> {
  await world.results.test(autoGen, async () => {
    await deployed(world, 'autogen', 'python')
    match(JSON.stringify(await answerOf(world, 'autogen', { prompt: 'Hello' })), /offline model.*I am AutoGen/)
  })
}

async function calculates(world: GuestWorld, { guest, language }: Framework): Promise<void> {
  const name = await deployed(world, guest, language)
  match(JSON.stringify(await answerOf(world, name, { prompt: 'What is 42 * 137?' })), /5754/)
}

/** The runtime's name. */
async function deployed({ cli }: GuestWorld, guest: string, language: Framework['language']): Promise<string> {
  const name = guest.replaceAll('-', '_')
  if (language === 'node') await cli.deploy(await nodeGuest(guest), name)
  else {
    const [python] = await hostPythons()
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    await cli.deploy(await pythonGuest(guest, python), name, { path: python.folder })
  }
  return name
}
