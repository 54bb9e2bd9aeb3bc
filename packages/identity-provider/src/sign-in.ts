// The provider's pages without a browser: for scripts, and for machines that have none.

export interface SignIn {
  /** Origin of the provider whose pages are answered; no other page is. */
  provider: string
  username: string
  password: string
  answer?: 'allow' | 'deny'
}

const mostSteps = 20

/** Follows the address as a browser would, answers the pages of sign-in and consent, and returns where the provider then sends the browser. */
export async function signInByPages(address: string, { provider, username, password, answer = 'allow' }: SignIn): Promise<string> {
  const cookies = new Map<string, string>()
  let next: { url: URL; form?: Record<string, string> } = { url: new URL(address) }
  let hasBeenThere = false
  let hasSignedIn = false
  for (let step = 0; step < mostSteps; step++) {
    const isThere = next.url.origin === provider
    if (hasBeenThere && !isThere) return next.url.href
    hasBeenThere ||= isThere
    const response = await fetch(next.url, {
      redirect: 'manual',
      method: next.form ? 'POST' : 'GET',
      body: next.form ? new URLSearchParams(next.form) : undefined,
      // What one place set is nobody else's.
      headers: isThere ? { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } : {},
      signal: AbortSignal.timeout(10_000),
    })
    if (isThere) remember(cookies, response.headers.getSetCookie())
    const location = response.headers.get('location')
    const page = await response.text()
    if (location) next = { url: new URL(location, next.url) }
    else if (page.includes('name="password"')) {
      if (hasSignedIn) throw new Error(`the provider does not take this password of ${username}`)
      hasSignedIn = true
      next = { url: next.url, form: { username, password, answer: 'sign-in' } }
    } else if (page.includes('value="allow"')) next = { url: next.url, form: { answer } }
    else throw new Error(`${next.url.origin} answered ${response.status}: ${textOf(page)}`)
  }
  throw new Error(`${provider} sent us round in a circle`)
}

function remember(cookies: Map<string, string>, set: readonly string[]): void {
  for (const one of set) {
    const [, name, value, attributes = ''] = /^([^=;]+)=([^;]*)(.*)$/s.exec(one) ?? []
    if (name === undefined || value === undefined) continue
    const ended = /expires=([^;]+)/i.exec(attributes)?.[1]
    if (value === '' || (ended && Date.parse(ended) < Date.now())) cookies.delete(name)
    else cookies.set(name, value)
  }
}

function textOf(page: string): string {
  const [body = page] = /<body>.*<\/body>/s.exec(page) ?? []
  return body
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300)
}
