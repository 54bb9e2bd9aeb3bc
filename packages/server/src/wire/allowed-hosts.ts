// Which Host headers are answered: a page on the internet must not reach a loopback port by a name of its own.

const loopback = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])

/** Loopback names, AWS's own names (clients with fixed hosts), and the configured ones; ports do not matter. */
export function allowedHosts(configured: readonly string[]): (host: string) => boolean {
  const named = new Set(configured)
  return (host) => {
    const name = withoutPort(host.toLowerCase())
    return loopback.has(name) || name.endsWith('.localhost') || named.has(name) || isAwsName(name)
  }
}

function withoutPort(host: string): string {
  const bracket = host.indexOf(']')
  if (bracket >= 0) return host.slice(0, bracket + 1)
  const colon = host.lastIndexOf(':')
  return colon < 0 ? host : host.slice(0, colon)
}

const isAwsName = (name: string) => /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(name)
