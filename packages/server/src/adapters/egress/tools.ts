// The programs that the router is made of. Fixed places: what a PATH names could be anyone's.
import { access, stat } from 'node:fs/promises'

export interface Tools {
  ip: string
  nft: string
  pasta: string
  nsenter: string
  unshare: string
  setpriv: string
}

export type Missing = { reason: string; fix: string }

const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/local/bin', '/usr/local/sbin']
const packages: Readonly<Record<keyof Tools, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  pasta: 'passt',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
}

export async function findTools(): Promise<Tools | Missing> {
  const names = Object.keys(packages) as (keyof Tools)[]
  const paths = await Promise.all(names.map(firstPresent))
  const missing = names.filter((_name, index) => paths[index] === undefined)
  if (missing.length > 0) {
    const wanted = [...new Set(missing.map((name) => packages[name]))].join(' ')
    return { reason: `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not installed`, fix: `apt-get install ${wanted}` }
  }
  return Object.fromEntries(names.map((name, index) => [name, paths[index]])) as unknown as Tools
}

async function firstPresent(name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = `${folder}/${name}`
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (there) return path
  }
  return undefined
}

/** pasta gets its packets from /dev/net/tun. Root can lend it one of its own where the host keeps it closed to others. */
export async function tunDevice(isRoot: boolean): Promise<'open' | 'to lend' | Missing> {
  const found = await stat('/dev/net/tun').catch(() => undefined)
  if (!found) return { reason: '/dev/net/tun is missing', fix: 'modprobe tun' }
  if ((found.mode & 0o006) === 0o006) return 'open'
  return isRoot ? 'to lend' : { reason: '/dev/net/tun is closed to this user', fix: 'chmod 666 /dev/net/tun' }
}
