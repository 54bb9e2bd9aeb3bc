// Symbolic links may lead anywhere inside the package, through other links too, and nowhere else.
import { unsafe } from './entries.js'

/** As many as Linux follows before it says ELOOP. */
const mostHops = 40

/** `links`: path of each link to what it says. Throws for the first that leads out. */
export function refuseLinksOut(links: ReadonlyMap<string, string>): void {
  for (const [path, target] of links) follow(path, target, links)
}

function follow(path: string, target: string, links: ReadonlyMap<string, string>): void {
  if (target === '' || target.includes('\0')) throw unsafe(path, 'is a link to nothing that can be named')
  let hops = 0
  const at = path.split('/').slice(0, -1)
  const ahead = partsOf(path, target)
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '..') {
      if (at.pop() === undefined) throw unsafe(path, 'is a link that leads out of the package')
      continue
    }
    at.push(part)
    const next = links.get(at.join('/'))
    if (next === undefined) continue
    if (++hops > mostHops) throw unsafe(path, 'is a link that leads in a circle')
    at.pop()
    ahead.push(...partsOf(path, next))
  }
}

/** The next part last, to be popped. */
function partsOf(path: string, target: string): string[] {
  if (target.startsWith('/')) throw unsafe(path, 'is a link to an absolute path')
  return target
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse()
}
