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
  await world.results.test('CrewAI calls its tool and answers', async () => {
    throw new NotToBeHad('its packages unpack to more than the 750 MB that a code package may have, here as at AWS; it takes an image')
  })
}

async function calculates(world: GuestWorld, { guest, language }: Framework): Promise<void> {
  const name = guest.replaceAll('-', '_')
  if (language === 'node') await world.cli.deploy(await nodeGuest(guest), name)
  else {
    const [python] = await hostPythons()
    if (!python) throw new NotToBeHad('this host has no Python with pip')
    await world.cli.deploy(await pythonGuest(guest, python), name, { path: python.folder })
  }
  match(JSON.stringify(await answerOf(world, name, { prompt: 'What is 42 * 137?' })), /5754/)
}
