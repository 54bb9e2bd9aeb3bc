// A Docker Engine of the test's own: private socket and data, no bridge, no registry; ended with the test.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface ImageRecipe {
  files?: Record<string, string>
  /** Lines of a Dockerfile after its FROM; by default the image runs `node agent.cjs` in /var/task. */
  lines?: string[]
}

export interface TestEngine {
  socketPath: string
  env: { DOCKER_HOST: string }
  /** Builds an image on one that has Node and nothing else; returns its id. */
  image(tag: string, recipe?: ImageRecipe): Promise<string>
  /** An image without files, said to be of that architecture. */
  emptyImage(tag: string, architecture: string): Promise<void>
  /** A body is a tar, unless told otherwise. */
  call(method: string, path: string, body?: Buffer, type?: string): Promise<string>
  stop(): Promise<void>
}

/** Why no engine can be started here; a test skips by it. */
export function engineMissing(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has dockerd'
  if (process.getuid?.() !== 0) return 'starting dockerd needs root'
  if (!['/usr/sbin/dockerd', '/usr/bin/dockerd'].some(isProgram)) return 'dockerd is not installed (apt-get install docker.io)'
  if (!isProgram('/usr/bin/setpriv')) return 'setpriv is not installed (apt-get install util-linux)'
  return undefined
}

export async function startTestEngine(): Promise<TestEngine> {
  const dir = mkdtempSync('/tmp/aw-dk-')
  const socketPath = join(dir, 's')
  // Its own configuration, or the host's would be read.
  writeFileSync(join(dir, 'daemon.json'), '{}')
  const folders = [
    '--config-file',
    join(dir, 'daemon.json'),
    '--data-root',
    join(dir, 'd'),
    '--exec-root',
    join(dir, 'x'),
    '--pidfile',
    join(dir, 'p'),
  ]
  const network = ['--bridge=none', '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false']
  // A test that is killed takes its engine with it.
  const dockerd = spawn('/usr/bin/setpriv', ['--pdeathsig', 'SIGTERM', 'dockerd', '-H', `unix://${socketPath}`, ...folders, ...network], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  dockerd.stderr.setEncoding('utf8').on('data', (piece: string) => (log = (log + piece).slice(-4000)))
  const call = (method: string, path: string, body?: Buffer, type?: string) => engineCall(socketPath, method, path, { body, type })

  const stop = async () => {
    if (dockerd.exitCode === null && dockerd.signalCode === null) {
      dockerd.kill('SIGTERM')
      const hard = setTimeout(() => dockerd.kill('SIGKILL'), 15_000)
      await once(dockerd, 'exit')
      clearTimeout(hard)
    }
    rmSync(dir, { recursive: true, force: true })
  }

  for (let tries = 0; !(await call('GET', '/_ping').catch(() => undefined)); tries++) {
    if (dockerd.exitCode !== null || tries > 400) {
      await stop()
      throw new Error(`dockerd did not start:\n${log}`)
    }
    await delay(50)
  }
  await importBase(dir, call).catch(async (fault: unknown) => {
    await stop()
    throw fault
  })

  return {
    socketPath,
    env: { DOCKER_HOST: `unix://${socketPath}` },
    call,
    stop,
    async emptyImage(tag, architecture) {
      const saved = mkdtempSync(join(dir, 'saved-'))
      const config = { architecture, os: 'linux', config: { Cmd: ['/agent'] }, rootfs: { type: 'layers', diff_ids: [] } }
      writeFileSync(join(saved, 'config.json'), JSON.stringify(config))
      writeFileSync(join(saved, 'manifest.json'), JSON.stringify([{ Config: 'config.json', RepoTags: [tag], Layers: [] }]))
      await call('POST', '/images/load', await tarOf(saved))
    },

    async image(tag, { files = {}, lines = defaultLines } = {}) {
      const context = mkdtempSync(join(dir, 'build-'))
      mkdirSync(join(context, 'task'))
      mkdirSync(join(context, 'home'))
      for (const [name, content] of Object.entries(files)) writeFileSync(join(context, 'task', name), content)
      writeFileSync(join(context, 'Dockerfile'), ['FROM aw-test/base:latest', ...lines].join('\n'))
      const said = await call('POST', `/build?t=${encodeURIComponent(tag)}`, await tarOf(context))
      if (said.includes('"error"')) throw new Error(said)
      return (JSON.parse(await call('GET', `/images/${tag}/json`)) as { Id: string }).Id
    },
  }
}

const defaultLines = [
  'COPY task /var/task',
  'COPY --chown=1234:1234 home /home/agent',
  'WORKDIR /var/task',
  'ENV HOME=/home/agent',
  'USER 1234:1234',
  'CMD ["node", "agent.cjs"]',
]

/** The host's Node with the libraries that it names, and the few programs that commands of the tests use. */
async function importBase(dir: string, call: TestEngine['call']): Promise<void> {
  const root = join(dir, 'root')
  const put = (from: string, to: string) => {
    mkdirSync(dirname(join(root, to)), { recursive: true })
    copyFileSync(from, join(root, to), constants.COPYFILE_FICLONE)
  }
  put(process.execPath, '/usr/bin/node')
  for (const name of ['sh', 'bash', 'cat', 'grep', 'head', 'id', 'ls', 'sleep', 'stat', 'stty', 'touch', 'tr']) put(`/bin/${name}`, `/bin/${name}`)
  put('/usr/bin/tty', '/bin/tty')
  const { stdout } = await run('ldd', [process.execPath, '/bin/bash', '/bin/grep', '/bin/ls', '/bin/stat'])
  for (const [path = ''] of stdout.matchAll(/\/\S+(?= \(0x)/g)) put(path, path)
  mkdirSync(join(root, 'etc'))
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await call('POST', '/images/create?fromSrc=-&repo=aw-test/base&tag=latest', await tarOf(root))
  rmSync(root, { recursive: true })
}

async function tarOf(folder: string): Promise<Buffer> {
  const archive = `${folder}.tar`
  await run('tar', ['-C', folder, '-cf', archive, '.'])
  const bytes = readFileSync(archive)
  rmSync(archive)
  return bytes
}

async function engineCall(
  socketPath: string,
  method: string,
  path: string,
  { body, type = 'application/x-tar' }: { body?: Buffer; type?: string },
): Promise<string> {
  const sent = request({ socketPath, method, path, agent: false, headers: { host: 'docker', 'content-type': type } })
  sent.end(body)
  const [response] = await once(sent, 'response')
  const said = await text(response)
  if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.statusCode} ${said}`)
  return said
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
