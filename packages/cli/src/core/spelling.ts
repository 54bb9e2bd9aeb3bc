// One spelling of our commands in everything that is printed, and the same platform behind it: a hint that is copied as it stands
// must not end at another data folder.

const ours =
  /(?<![\w@/.:-])(?:npx )?agentworks ((?:agents|sessions|keys|roles|memory) [a-z]+|identity (?:provider (?:(?:users|clients) )?|(?:issuer|providers|workloads|vault) )?[a-z-]+|[a-z]+)(?=["')\s;,]|$)/g
const commands = new Set([
  'start',
  'env',
  'create',
  'deploy',
  'invoke',
  'chat',
  'agents',
  'sessions',
  'logs',
  'doctor',
  'demo',
  'audit',
  'identity',
  'keys',
  'roles',
  'memory',
])
/** These look at the host, or bring a folder of their own. */
const withoutFolder = new Set(['demo', 'create'])

/** How a person types what a text calls `agentworks logs NAME`; `dataDir` only where it is not the default one. */
export type Spelling = (text: string) => string

export function spelling(dataDir?: string): Spelling {
  return (text) =>
    text.replaceAll(ours, (whole, words: string, at: number) => {
      const [command = ''] = words.split(' ')
      if (!commands.has(command)) return whole
      const rest = text.slice(at + whole.length).split(/[;\n]|, or /, 1)[0] ?? ''
      const folder = dataDir === undefined || withoutFolder.has(command) || rest.includes('--data-dir') ? '' : ` --data-dir ${shellWord(dataDir)}`
      return `npx agentworks ${words}${folder}`
    })
}

/** Of a command line that could not be run, as far as it names a folder. */
export function namedDataDir(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): string | undefined {
  const at = argv.indexOf('--data-dir')
  const joined = argv.find((word) => word.startsWith('--data-dir='))
  return (at >= 0 ? argv[at + 1] : joined?.slice('--data-dir='.length)) || env.AGENTWORKS_DATA_DIR || undefined
}

function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
