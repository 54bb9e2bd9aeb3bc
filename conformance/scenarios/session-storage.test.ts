// Storage that outlives the instances of a session, by the stock JavaScript clients and an agent that uses plain files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateAgentRuntimeCommand,
  DeleteAgentRuntimeCommand,
  type FilesystemConfiguration,
  GetAgentRuntimeCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { codeArtifact, settled, upload, zip } from '../agents.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const mounts = (...paths: string[]): FilesystemConfiguration[] => paths.map((mountPath) => ({ sessionStorage: { mountPath } }))
const networkConfiguration = { networkMode: 'PUBLIC' } as const

let platform: RunningPlatform
let clients: Clients
let weakness: string | undefined

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  const guest = join(import.meta.dirname, '../guests/storage-agent.js')
  await upload(clients, 'storage.zip', await zip({ 'main.js': readFileSync(guest) }))
  weakness = await whyNoStorage()
})
afterAll(() => removeDataDir(platform))

async function admin(path: string): Promise<unknown> {
  return (await fetch(`${platform.url}/_agentworks/${path}`, { headers: { authorization: `Bearer ${platform.adminToken}` } })).json()
}

async function whyNoStorage(): Promise<string | undefined> {
  const { isolation } = (await admin('about')) as { isolation: string }
  return isolation === 'bubblewrap' ? undefined : `this host runs sessions at level ${isolation}, which has no storage of its own`
}

/** Why volumes are no file systems of their own here; the platform says so itself. */
async function whyNoImages(): Promise<string | undefined> {
  const guarantees = (await admin('doctor')) as { name: string; holds: boolean; detail: string }[]
  const found = guarantees.find(({ name }) => name === 'session storage is bounded')
  return found?.holds ? undefined : (found?.detail ?? weakness)
}

async function agentWith(name: string, filesystemConfigurations: FilesystemConfiguration[]) {
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: name,
      agentRuntimeArtifact: codeArtifact('storage.zip'),
      roleArn,
      networkConfiguration,
      filesystemConfigurations,
    }),
  )
  expect((await settled(clients, agentRuntimeId)).status).toBe('READY')
  return { agentRuntimeId, agentRuntimeArn }
}

const ask = async (arn: string, runtimeSessionId: string, wish: Record<string, unknown>) =>
  (await invoke(clients, arn, wish, { runtimeSessionId })).body
const stop = (agentRuntimeArn: string, runtimeSessionId: string) =>
  clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }))
const volumes = () => readdirSync(join(platform.dataDir, 'sessions'))

/** Files of this platform that the kernel still has as disks. */
function attached(): string[] {
  const disks = readdirSync('/sys/block').filter((name) => name.startsWith('loop'))
  return disks.map((name) => backingFile(name)).filter((file) => file.startsWith(platform.dataDir))
}

function backingFile(disk: string): string {
  try {
    return readFileSync(`/sys/block/${disk}/loop/backing_file`, 'utf8')
  } catch {
    return ''
  }
}

scenario('storage.lives', 'js', async ({ skip }) => {
  if (weakness) return skip(weakness)
  const { agentRuntimeId, agentRuntimeArn } = await agentWith('keeps', mounts('/mnt/data', '/mnt/more/'))
  const { filesystemConfigurations } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
  expect(filesystemConfigurations).toEqual(mounts('/mnt/data', '/mnt/more'))

  expect(await ask(agentRuntimeArn, session('a'), { do: 'write', path: '/mnt/data/note', text: 'kept' })).toEqual({ value: null })
  expect(
    await ask(agentRuntimeArn, session('a'), { do: 'sh', command: 'mkdir -p /mnt/more/deep && echo script > /mnt/more/deep/run && id -u' }),
  ).toEqual({
    value: '1000\n',
  })
  expect(await ask(agentRuntimeArn, session('b'), { do: 'list', path: '/mnt/data' }), 'another session has its own').toEqual({ value: [] })
  await stop(agentRuntimeArn, session('a'))
  expect(await ask(agentRuntimeArn, session('a'), { do: 'read', path: '/mnt/data/note' })).toEqual({ value: 'kept' })
  expect(await ask(agentRuntimeArn, session('a'), { do: 'sh', command: 'stat -c %u /mnt/more/deep/run && echo more >> /mnt/more/deep/run' })).toEqual(
    {
      value: '1000\n',
    },
  )

  await platform.kill()
  platform = await startPlatform(platform.dataDir)
  clients = clientsOf(platform)
  expect(attached(), 'a platform that was killed leaves no disk behind').toEqual([])
  expect(await ask(agentRuntimeArn, session('a'), { do: 'read', path: '/mnt/data/note' })).toEqual({ value: 'kept' })
  expect(await ask(agentRuntimeArn, session('a'), { do: 'read', path: '/mnt/more/deep/run' })).toEqual({ value: 'script\nmore\n' })

  await clients.control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact: codeArtifact('storage.zip'),
      roleArn,
      networkConfiguration,
      filesystemConfigurations: mounts('/mnt/data'),
    }),
  )
  await settled(clients, agentRuntimeId)
  expect(await ask(agentRuntimeArn, session('a'), { do: 'list', path: '/mnt/data' }), 'a running session keeps its version').toEqual({
    value: ['note'],
  })
  await stop(agentRuntimeArn, session('a'))
  expect(await ask(agentRuntimeArn, session('a'), { do: 'list', path: '/mnt' }), 'another version begins anew').toEqual({ value: ['data'] })
  expect(await ask(agentRuntimeArn, session('a'), { do: 'list', path: '/mnt/data' })).toEqual({ value: [] })

  expect(volumes()).toHaveLength(2)
  await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))
  await expect.poll(volumes, { timeout: 10_000 }).toEqual([])
  expect(attached()).toEqual([])
})

scenario('storage.bounded', 'js', async ({ skip }) => {
  const why = await whyNoImages()
  if (why) return skip(why)
  const { agentRuntimeArn } = await agentWith('fills', mounts('/mnt/data'))
  const most = { do: 'sh', command: 'fallocate -l 1000MiB /mnt/data/most && stat -c %s /mnt/data/most' }
  expect(await ask(agentRuntimeArn, session('f'), most), 'a gigabyte').toEqual({ value: `${1000 * 2 ** 20}\n` })
  expect((await ask(agentRuntimeArn, session('f'), { do: 'fill', path: '/mnt/data/rest', mebibytes: 100 })).failed).toBe('ENOSPC')
  expect(await ask(agentRuntimeArn, session('g'), { do: 'write', path: '/mnt/data/small', text: 'x' }), 'its neighbours have theirs').toEqual({
    value: null,
  })
  expect(await ask(agentRuntimeArn, session('f'), { do: 'sh', command: 'rm /mnt/data/most && echo again > /mnt/data/note' })).toEqual({ value: '' })
  const { failed: refused } = await ask(agentRuntimeArn, session('f'), { do: 'sh', command: 'mknod /mnt/data/null c 1 3' })
  expect(refused, 'no devices').toMatch(/Operation not permitted/)
  expect(await ask(agentRuntimeArn, session('f'), { do: 'sh', command: 'grep " /mnt/data " /proc/mounts' })).toEqual({
    value: expect.stringMatching(/^(?=.*\bnosuid\b)(?=.*\bnodev\b)/),
  })
})

scenario('storage.refused', 'js', async ({ skip }) => {
  if (weakness) return skip(weakness)
  const refusals: [FilesystemConfiguration[], RegExp][] = [
    [mounts('/mnt/..'), /filesystemConfigurations\[0\]\.sessionStorage\.mountPath/],
    [mounts('/mnt/a', '/mnt/a/'), /filesystemConfigurations\[1\]\.sessionStorage\.mountPath.*another configuration/],
    [mounts('/data'), /mountPath/],
    [mounts('/mnt/1', '/mnt/2', '/mnt/3', '/mnt/4', '/mnt/5', '/mnt/6'), /filesystemConfigurations/],
    [
      [
        {
          efsAccessPoint: {
            accessPointArn: 'arn:aws:elasticfilesystem:us-east-1:000000000000:access-point/fsap-0123456789abcdef0',
            mountPath: '/mnt/efs',
          },
        },
      ],
      /filesystemConfigurations\[0\]\.efsAccessPoint/,
    ],
  ]
  for (const [configurations, message] of refusals) {
    const { name, message: said } = await errorOf(agentWith('refused', configurations))
    expect([name, said]).toEqual(['ValidationException', expect.stringMatching(message)])
  }
})
