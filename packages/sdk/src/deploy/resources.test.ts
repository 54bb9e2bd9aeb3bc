import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type AgentResources, projectResources, tagsOf } from './resources.js'

async function folderWith(text: string | undefined): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'aw-resources-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  if (text !== undefined) await writeFile(join(dir, 'agentworks.json'), text)
  return dir
}

describe('the resources of an agent', () => {
  it('are read from the project file and become the tags that the platform knows', async () => {
    const dir = await folderWith('{ "resources": { "cpu": 0.5, "memoryMb": 512, "minInstances": 0, "maxInstances": 9, "targetUtilisation": 80 } }')
    expect(tagsOf(await projectResources(dir))).toEqual({
      'agentworks:cpu': '0.5',
      'agentworks:memory-mb': '512',
      'agentworks:min-instances': '0',
      'agentworks:max-instances': '9',
      'agentworks:target-utilisation': '80',
    })
    expect(await projectResources(await folderWith(undefined))).toEqual({})
  })

  it.each([
    ['{', 'agentworks.json'],
    ['[]', 'agentworks.json'],
    ['{ "resource": {} }', 'agentworks.json: resource'],
    ['{ "resources": 1 }', 'agentworks.json: resources'],
    ['{ "resources": { "gpu": 1 } }', 'resources.gpu'],
    ['{ "resources": { "cpu": "1" } }', 'resources.cpu'],
  ])('%s is refused by name', async (text, field) => {
    await expect(projectResources(await folderWith(text))).rejects.toMatchObject({ field })
  })

  it('are refused where they are no number', () => {
    expect(() => tagsOf({ cpu: Number.NaN } satisfies AgentResources)).toThrow(/resources\.cpu/)
  })
})
