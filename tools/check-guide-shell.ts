// Runs the commands of a guide page as one person would type them: one shell after the other in one folder, each with the
// variables that the last one left.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve, sep } from 'node:path'
import { repositoryRoot } from './source-files.ts'

export interface GuideShell {
  /** Looks like the repository's root to the commands on the page; everything else in it is thrown away. */
  folder: string
  dataDir: string
  write(file: string, text: string): string
  run(script: string): Promise<{ code: number | null; output: string }>
  /** Forgets the variables: every page begins in a new terminal. */
  forget(): void
  remove(): void
}

const binaries = join(repositoryRoot, 'node_modules/.bin')

// npx itself takes a second to find what lies beside it. A failing command ends the block, as it would end the reader's patience.
const prelude = `
npx() { local tool=$1; shift; ${JSON.stringify(binaries)}/"$tool" "$@"; }
[ -f "$GUIDE_STATE" ] && . "$GUIDE_STATE"
trap 'code=$?; export -p > "$GUIDE_STATE"; exit $code' EXIT
set -eo pipefail
`

export function guideShell(): GuideShell {
  const folder = mkdtempSync(join(tmpdir(), 'agentworks-guide-'))
  for (const name of ['packages', 'examples', 'node_modules']) symlinkSync(join(repositoryRoot, name), join(folder, name))
  const home = join(folder, 'home')
  const dataDir = join(folder, 'data')
  const state = join(home, '.guide-state')
  mkdirSync(home)
  const env = {
    PATH: [dirname(process.execPath), binaries, process.env.PATH ?? ''].join(':'),
    HOME: home,
    LANG: 'C.UTF-8',
    GUIDE_STATE: state,
    AGENTWORKS_DATA_DIR: dataDir,
    AWS_EC2_METADATA_DISABLED: 'true',
    // Nothing on the pages needs the network; a block that does must fail here, not reach out.
    npm_config_offline: 'true',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    PIP_NO_INDEX: '1',
  }
  return {
    folder,
    dataDir,

    write(file, text) {
      const path = resolve(folder, file)
      if (!path.startsWith(folder + sep)) throw new Error(`${file} lies outside of the folder of the guide`)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, `${text}\n`)
      return path
    },

    run(script) {
      const child = spawn('bash', ['-c', prelude + script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text))
      return new Promise((done, failed) => {
        child.once('error', failed)
        child.once('close', (code) => done({ code, output }))
      })
    },

    forget: () => rmSync(state, { force: true }),
    remove() {
      // Unpacked code is read-only, also for the user who owns it.
      spawnSync('chmod', ['-R', 'u+w', dataDir])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const trials: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  bwrap: ['bwrap', '--unshare-all', '--unshare-user', '--disable-userns', '--ro-bind', '/', '/', '--proc', '/proc', 'true'],
  curl: ['curl', '--aws-sigv4', 'aws:amz:us-east-1:sts', '--json', '{}', '--version'],
  jq: ['jq', '--version'],
  python3: ['python3', '-c', 'import sys; sys.exit(0 if (3, 10) <= sys.version_info[:2] <= (3, 14) else 1)'],
  boto3: ['python3', '-c', 'import boto3; boto3.session.Session().get_available_services().index("bedrock-agentcore-control")'],
  aws: ['aws', 'bedrock-agentcore-control', 'list-agent-runtimes', '--generate-cli-skeleton'],
}
const found = new Map<string, boolean>()

/** Tried, not looked up: a shim on the path may lead nowhere, an old version may know none of our services. */
export function isMissing(tool: string): boolean {
  const trial = trials[tool]
  if (!trial) throw new Error(`nobody knows how to try whether ${tool} is there; known are ${Object.keys(trials).join(', ')}`)
  const known = found.get(tool)
  if (known !== undefined) return !known
  const [command, ...args] = trial
  const isThere = ran(spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }))
  found.set(tool, isThere)
  return !isThere
}

function ran({ status, error }: SpawnSyncReturns<unknown>): boolean {
  return !error && status === 0
}
