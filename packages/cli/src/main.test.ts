// The command as a person's shell runs it: exit codes, streams, files. Where a platform is needed: start.test.ts.
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agentworks as runAgentworks } from './from-source.fixture.js'

const bin = join(import.meta.dirname, '../bin/agentworks.js')
let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'cli-'))
})
afterAll(() => rm(home, { recursive: true }))

const agentworks = (args: string[], { env = {}, cwd = home }: { env?: Record<string, string>; cwd?: string } = {}) =>
  runAgentworks(args, { env: { HOME: home, ...env }, cwd })

describe('help', () => {
  test('is on stdout, with examples, and is no failure', async () => {
    const { code, stdout } = await agentworks(['deploy', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
    expect(stdout).toContain('--entry-point')
    expect(stdout).toContain('--data-dir')
  })

  test('names every noun of the contract', async () => {
    const { stdout } = await agentworks(['--help'])
    for (const noun of ['start', 'env', 'deploy', 'invoke', 'chat', 'agents', 'sessions', 'logs', 'doctor', 'demo'])
      expect(stdout).toMatch(new RegExp(`^  ${noun}\\b`, 'm'))
  })
})

describe('wrong usage exits 2 and says so on stderr:', () => {
  test.each([
    [['launch'], /unknown command 'launch'/],
    [['deploy'], /no agent found/],
    [['deploy', '.', '--name', 'builder'], /is the factory's/],
    [['deploy', '.', '--name', 'a', '--protocol', 'SOAP'], /--protocol SOAP is not known\nfix: --protocol A2A, or AGUI, or HTTP, or MCP\n/],
    [['invoke', 'a'], /no prompt given/],
    [['invoke', 'a', 'b', '--session', 'short'], /between 33 and 256 characters, has 5\nfix: --session short-0{27}\n/],
    [['chat', '--session', 'short'], /between 33 and 256/],
    [['start', '--port', 'many'], /whole number from 0 to 65535/],
    [['start', '--tls-cert', 'cert.pem'], /--tls-cert without --tls-key: .*\nfix: add --tls-key FILE\n/],
    [['start', '--tls', '--tls-key', 'key.pem'], /--tls-key without --tls-cert: .*\nfix: add --tls-cert FILE\n/],
    [['agents', 'list', '--colour'], /unknown option '--colour'/],
    [['invoke', 'a', 'hello', '--payload', '{}'], /not both/],
    [['invoke', 'a', '--payload', '{nonsense'], /no JSON/],
    [['deploy', '.', '--name', 'my-agent'], /--name my_agent/],
    [['deploy', '/nowhere', '--name', 'a'], /no folder/],
    [['deploy', '.', '--name', 'a', '--env', 'nonsense'], /NAME=value/],
    [[], /Usage/],
  ])('%j', async (args, complaint) => {
    const { code, stdout, stderr } = await agentworks(args)
    expect(stderr).toMatch(complaint)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

test('a missing --env-file is refused by us, not taken by Node for an option of its own', async () => {
  const agent = join(home, 'with-env')
  await mkdir(agent)
  await writeFile(join(agent, 'main.mjs'), '')
  const built = await access(join(import.meta.dirname, '../dist/main.js')).then(
    () => true,
    () => false,
  )
  expect(built, 'npm run build').toBe(true)
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) =>
    execFile(
      bin,
      ['deploy', agent, '--name', 'a', '--env-file', 'nope.env'],
      { env: { PATH: process.env.PATH, HOME: home }, cwd: home },
      (error, _out, stderr) => resolve({ code: error?.code, stderr }),
    ),
  )
  expect(stderr).toContain('error: --env-file nope.env cannot be read')
  expect(code).toBe(2)
})

describe('without a platform', () => {
  test.each([[['agents', 'list']], [['env']], [['sessions', 'list']], [['invoke', 'a', 'b']], [['chat']], [['logs', 'a']]])(
    '%j exits 1 and names the command that mends it',
    async (args) => {
      const { code, stdout, stderr } = await agentworks(args)
      expect(code).toBe(1)
      expect(stdout).toBe('')
      expect(stderr).toContain('error: no platform runs')
      expect(stderr).toContain('fix: npx agentworks start')
    },
  )

  test('--json still gives one document', async () => {
    const { code, stdout } = await agentworks(['agents', 'list', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { message: 'no platform runs', fix: expect.stringContaining('agentworks start') } })
  })

  test('a lock whose process is gone counts as none', async () => {
    const dataDir = join(home, 'stale')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'lock'), '{"pid":4194999,"startedAt":"x","url":"http://127.0.0.1:1"}')
    expect((await agentworks(['env', '--data-dir', dataDir])).stderr).toContain('no platform runs')
  })

  test('so does a lock whose pid now belongs to another process', async () => {
    const dataDir = join(home, 'reused')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'lock'), JSON.stringify({ pid: process.pid, startedAt: 'x', processStart: '1', url: 'http://127.0.0.1:1' }))
    expect((await agentworks(['env', '--data-dir', dataDir])).stderr).toContain('no platform runs')
  })

  test('an endpoint that does not answer is named', async () => {
    const env = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'AKIAX', AWS_SECRET_ACCESS_KEY: 'hidden-value', AWS_MAX_ATTEMPTS: '1' }
    const { code, stderr } = await agentworks(['agents', 'list'], { env })
    expect(code).toBe(1)
    expect(stderr).toContain('127.0.0.1:9')
    expect(stderr).not.toContain('hidden-value')
  })

  test('deploy says so before it packs', async () => {
    const agent = join(home, 'unpacked')
    await mkdir(agent)
    await writeFile(join(agent, 'main.mjs'), '')
    const { code, stderr } = await agentworks(['deploy', agent, '--name', 'a'])
    expect(stderr).toMatch(/^error: no platform runs/)
    expect(code).toBe(1)
  })
})

describe('env', () => {
  const world = {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4680',
    AWS_ACCESS_KEY_ID: 'AKIAX',
    AWS_SECRET_ACCESS_KEY: "it's+secret",
    AWS_REGION: 'eu-west-1',
  }

  test('prints exports that a shell understands', async () => {
    const { stdout } = await agentworks(['env'], { env: world })
    expect(stdout).toContain('export AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL=http://127.0.0.1:4680\n')
    const read = await new Promise<string>((resolve) =>
      execFile('sh', ['-c', `${stdout}\nprintf %s "$AWS_SECRET_ACCESS_KEY $AWS_REGION"`], (_error, out) => resolve(out)),
    )
    expect(read).toBe("it's+secret eu-west-1")
  })

  test('--services leaves other AWS services where they are', async () => {
    const { stdout } = await agentworks(['env', '--json', '--services'], { env: world })
    const variables = JSON.parse(stdout)
    expect(variables).not.toHaveProperty('AWS_ENDPOINT_URL')
    expect(variables).toMatchObject({ AWS_ENDPOINT_URL_S3: world.AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS: world.AWS_ENDPOINT_URL })
  })

  test('--write into a folder that is not there says so', async () => {
    const { code, stderr } = await agentworks(['env', '--write', 'sub/x.env'], { env: world })
    expect(stderr).toContain(`there is no folder ${join(home, 'sub')}`)
    expect(code).toBe(2)
  })

  test('--write keeps foreign lines, is private, and is never committed', async () => {
    const cwd = await mkdtemp(join(home, 'project-'))
    await writeFile(join(cwd, '.env'), '# mine\nOTHER=1\nexport AWS_REGION=old\n', { mode: 0o644 })
    const { code } = await agentworks(['env', '--write'], { env: world, cwd })
    expect(code).toBe(0)
    const text = await readFile(join(cwd, '.env'), 'utf8')
    expect(text).toMatch(/^# mine\nOTHER=1\n/)
    expect(text.match(/AWS_REGION=/g)).toHaveLength(1)
    expect((await stat(join(cwd, '.env'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe('/.env\n')
    await agentworks(['env', '--write'], { env: world, cwd })
    expect(await readFile(join(cwd, '.gitignore'), 'utf8')).toBe('/.env\n')
    expect(await readFile(join(cwd, '.env'), 'utf8')).toBe(text)
  })
})
