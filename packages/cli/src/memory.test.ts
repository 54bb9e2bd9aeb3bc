// memory, on a platform of its own: made, filled, read as people read it, moved.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { memoryClient } from '@agentworks/sdk/memory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { main } from './main.js'
import { type OwnPlatform, ownPlatform } from './own-platform.fixture.js'

let platform: OwnPlatform

beforeAll(async () => {
  platform = await ownPlatform()
}, 60_000)
afterAll(() => platform.end())

const access = async () => ({
  endpoint: platform.url,
  region: 'us-east-1',
  credentials: JSON.parse(await readFile(join(platform.home, '.agentworks/access-key.json'), 'utf8')),
})

async function run(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const said = Promise.all([text(stdout), text(stderr)])
  const { signal: stopped } = new AbortController()
  const { home } = platform
  const code = await main(['memory', ...args], { env: {}, cwd: home, home, stdin: Readable.from([]), stdout, stderr, stopped, newSessionId: String })
  stdout.end()
  stderr.end()
  const [out, err] = await said
  return { code, stdout: out, stderr: err }
}

async function done(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await run(...args)
  expect({ code, args }, stderr).toEqual({ code: 0, args })
  return stdout
}

test('a memory is made, told, read as people read it, moved by a file that only its owner reads, and deleted', { timeout: 60_000 }, async () => {
  expect(await done('create', 'notes', '--strategy', 'semantic', '--strategy', 'summary', '--expiry', '30')).toMatch(
    /created notes-\w{10}: arn:[\s\S]*semantic: learns into \/facts\/\{actorId\}\//,
  )
  const [{ id: memoryId }] = JSON.parse(await done('list', '--json'))
  using memories = memoryClient(await access())
  const session = memories.session({ memoryId, actorId: 'ada', sessionId: 'monday' })
  const first = await session.addTurns(
    [
      { role: 'USER', text: 'My flight\nis at nine.' },
      { role: 'ASSISTANT', text: 'I will wake you.' },
    ],
    { extractionMode: 'SKIP' },
  )
  await session.forkConversation({
    rootEventId: first.eventId ?? '',
    branchName: 'later',
    messages: [{ role: 'USER', text: 'At ten' }],
    extractionMode: 'SKIP',
  })
  expect(await done('events', 'notes')).toMatch(/^ACTOR {2}SESSION.*\nada {4}monday /)
  expect(await done('events', 'notes', '--actor', 'ada', '--session', 'monday')).toMatch(
    /\n {2}USER: My flight\n {4}is at nine\.\n {2}ASSISTANT: I will wake you\.\n$/,
  )
  expect(await done('events', memoryId, '--actor', 'ada', '--session', 'monday', '--branch', 'later')).toMatch(/\(later\)\n {2}USER: At ten\n$/)
  expect(await done('records', 'notes', '--namespace-path', '/')).toContain('nothing was learned there yet')
  expect(await done('search', 'notes', 'flight')).toContain('no record there fits')

  expect(await done('export', 'notes', 'notes.jsonl')).toMatch(/^exported notes-\w{10}: 3 lines/)
  expect((await stat(join(platform.home, 'notes.jsonl'))).mode & 0o777).toBe(0o600)
  expect(await done('export', 'notes')).toBe(await readFile(join(platform.home, 'notes.jsonl'), 'utf8'))
  expect(JSON.parse(await done('import', 'notes.jsonl', '--name', 'copied', '--json'))).toMatchObject({ events: 2, records: 0, failed: [] })
  expect(await done('events', 'copied', '--actor', 'ada', '--session', 'monday', '--branch', 'later')).toContain('USER: At ten')
  expect(await done('delete', 'copied')).toMatch(/^deleted copied-/)
  expect(await done('get', 'notes')).toMatch(/ACTIVE, events are kept for 30 days\nSTRATEGY +TYPE/)
})

test('what was said is learned, waited for, and explained down to the words that were said', { timeout: 60_000 }, async () => {
  await done('create', 'learning', '--strategy', 'preference')
  const [{ id: memoryId }] = JSON.parse(await done('list', '--json')).filter(({ id }: { id: string }) => id.startsWith('learning-'))
  using memories = memoryClient(await access())
  await memories.session({ memoryId, actorId: 'ada', sessionId: 'lunch' }).addTurns([{ role: 'USER', text: 'I like sushi with tuna.' }])
  expect(await done('wait', 'learning')).toMatch(/^learning-\w{10} has learned all that it was told/)
  expect(await done('search', 'learning', 'sushi')).toMatch(/^0\.\d{3} .* \/preferences\/ada\/ .*\n.*sushi/)
  const explained = await done('explain', 'learning', 'Does she like sushi?', '--namespace-path', '/preferences/')
  expect(explained).toMatch(/^1 records were searched, held to: namespacePath \/preferences\/; 1 came back\n/)
  expect(explained).toMatch(/shares with the question: .*sushi/)
  expect(explained).toMatch(/learned from: \d{19}#\w+\n {6}USER: I like sushi with tuna\.\n$/)
  expect((await run('explain', 'learning', 'x', '--filter', 'topic=food')).stderr).toContain('"topic" is not an indexed key of this memory')
  const waited = { waitForExtraction: 30 }
  await memories.session({ memoryId, actorId: 'ben', sessionId: 'dinner' }).addTurns([{ role: 'USER', text: 'I prefer noodles.' }], waited)
  expect(JSON.parse(await done('search', 'learning', 'noodles', '--namespace', '/preferences/ben/', '--json'))).toHaveLength(1)
})

test('what cannot be meant is refused with its cause and what mends it', { timeout: 60_000 }, async () => {
  for (const [args, code, message] of [
    [['get', 'nothing'], 1, /there is no memory nothing\n[\s\S]*fix: npx agentworks memory create nothing/],
    [['create', 'bad', '--strategy', 'psychic'], 2, /--strategy psychic is not known\nfix: --strategy semantic, or preference/],
    [['events', 'notes', '--session', 'monday'], 2, /--session needs to be told whose it is\nfix: --actor ACTOR/],
    [['search', 'notes', 'x', '--namespace', '/a/', '--namespace-path', '/'], 2, /leave one of them out/],
    [['import', 'absent.jsonl'], 2, /absent\.jsonl is no file/],
  ] as const) {
    const answer = await run(...args)
    expect({ args, code: answer.code }, answer.stderr).toEqual({ args, code })
    expect(answer.stderr).toMatch(message)
  }
})
