// An image without a file, for containers of the platform's own that run programs of the host, read-only. It needs no registry.
import { existsSync } from 'node:fs'
import type { Engine } from './engine.js'

/** The end of an archive without a file. */
const nothing = Buffer.alloc(1024)

const name = 'agentworks/empty:latest'

export async function emptyImage(engine: Engine): Promise<string> {
  const find = async () => (await engine.call<{ Id: string }>({ method: 'GET', path: `/images/${name}/json` })).Id
  return find().catch(async () => {
    const [repo = '', tag = ''] = name.split(':')
    await engine.call({ method: 'POST', path: '/images/create', query: { fromSrc: '-', repo, tag }, tar: nothing })
    return find()
  })
}

/** What a program of the host needs to run. */
export function hostPrograms(): string[] {
  return ['/usr', '/bin', '/lib', '/lib64', '/nix/store'].filter((path) => existsSync(path))
}
