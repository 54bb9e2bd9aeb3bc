// Which room a file is in, and which rooms each may import from. The table is the architecture; ARCHITECTURE.md explains it.

/** `third` stands for installed packages; node's own modules are open to all. */
export type Room = string

const anything = ['*'] as const

export const mayImport: Readonly<Record<Room, readonly Room[]>> = {
  model: [],
  guest: [],
  kernel: [],
  ports: ['kernel', 'model'],
  wire: ['kernel', 'ports', 'model', 'third'],
  services: ['kernel', 'ports', 'model', 'services'],
  adapters: ['kernel', 'ports', 'model', 'guest', 'third', 'adapters'],
  admin: ['kernel', 'ports', 'wire', 'services', 'model'],
  main: anything,
  sdk: ['third'],
  factory: ['sdk', 'third'],
  'identity-provider': ['third'],
  cli: ['sdk', 'factory', 'identity-provider', 'model', 'third'],
  'cli start': anything,
  tools: anything,
}

/** The commands that run the platform, or look at the host in its place; all others are clients. */
const cliWithServer = /^packages\/cli\/src\/commands\/(start|doctor|demo)(-[a-z-]+)?\.ts$/

export function roomOf(path: string): Room | undefined {
  if (!path.startsWith('packages/')) return 'tools'
  const [, name = '', , folder = '', ...below] = path.split('/')
  if (name !== 'server') return cliWithServer.test(path) ? 'cli start' : name
  return below.length === 0 ? 'main' : folder
}

/** Services and adapters are many rooms: `services/runtime` and `services/identity` are two. */
export function flatOf(path: string): string {
  const [, name = '', , folder = '', inner = ''] = path.split('/')
  if (name !== 'server') return `packages/${name}`
  return folder === 'services' || folder === 'adapters' ? `${folder}/${inner.replace(/\.ts$/, '')}` : folder
}
