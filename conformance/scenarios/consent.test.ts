// The consent of a user in a real browser: the agent asks, the user signs in and allows, the application says who that was.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, type TestContext } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { chromiumPath, openChromium } from '../chromium.fixture.ts'
import { type IdentityWorld, identityWorld, type ReturnApp, returnApp } from '../identity-world.fixture.ts'
import { session, streamed } from '../invoke.fixture.ts'
import { clientsOf } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const path = chromiumPath()
let world: IdentityWorld
let clients: ReturnType<typeof clientsOf>
let app: ReturnApp
let browser: Browser
let agentRuntimeArn: string

beforeAll(async () => {
  if (path === undefined) return
  world = await identityWorld()
  clients = clientsOf(world.platform)
  app = await returnApp(world.identity, 'alice-at-the-app')
  const made = await createAgent(clients, { name: 'consenting', files: { 'main.js': await bundled('identity-agent') } })
  agentRuntimeArn = made.agentRuntimeArn
  await world.identity.updateWorkloadIdentity({ name: made.agentRuntimeId, allowedResourceOauth2ReturnUrls: [app.url] })
  browser = await openChromium(path)
}, 90_000)
afterAll(async () => {
  await browser?.close()
  await app?.close()
  for (const client of Object.values(clients ?? {})) client.destroy()
  await world?.stop()
})

function needsChromium(context: TestContext) {
  if (path === undefined) context.skip('chromium is not installed: apt-get install chromium')
}

scenario('identity.consent', 'js', async (context) => {
  needsChromium(context)
  await using asked = ask('alice-at-the-app')
  const { authorizationUrl } = (await asked.next()).value as { authorizationUrl: string }
  const page = await freshPage(authorizationUrl)
  await signIn(page, 'alice')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('heading', { name: 'Connected as alice-at-the-app' }).waitFor()
  expect(app.state).toBe('from-the-agent')
  expect(new URL(page.url()).origin).toBe(new URL(app.url).origin)
  expect((await asked.next()).value).toMatchObject({ claims: { sub: 'alice', iss: world.issuer } })
  await using again = ask('alice-at-the-app')
  expect((await again.next()).value, 'nobody is asked twice').toMatchObject({ claims: { sub: 'alice' } })
  await page.goto(authorizationUrl)
  await page.getByRole('heading', { name: 'Sign-in did not succeed' }).waitFor()
  await page.context().close()
})

scenario('identity.consent.other-user', 'js', async (context) => {
  needsChromium(context)
  await using asked = ask('carol-at-the-app')
  const { authorizationUrl } = (await asked.next()).value as { authorizationUrl: string }
  // Somebody sent the address to bob, who is signed in at the application as himself.
  app.signedIn = 'bob-at-the-app'
  const page = await freshPage(authorizationUrl)
  await signIn(page, 'bob')
  await page.getByRole('button', { name: 'Allow' }).click()
  await page.getByRole('heading', { name: 'Refused: AccessDeniedException' }).waitFor()
  app.signedIn = 'alice-at-the-app'
  expect((await asked.next()).value).toEqual(
    expect.objectContaining({ error: expect.stringContaining('has failed'), error_type: 'AuthorizationFailed' }),
  )
  await using again = ask('carol-at-the-app')
  expect((await again.next()).value).toEqual({ authorizationUrl: expect.stringContaining(world.issuer) })
  await page.context().close()
})

scenario('identity.consent.denied', 'js', async (context) => {
  needsChromium(context)
  await using asked = ask('dave-at-the-app')
  const { authorizationUrl } = (await asked.next()).value as { authorizationUrl: string }
  const page = await freshPage(authorizationUrl)
  await signIn(page, 'bob')
  await page.getByRole('button', { name: 'Deny' }).click()
  await page.getByRole('heading', { name: 'Not connected: access_denied' }).waitFor()
  expect((await asked.next()).value).toEqual(
    expect.objectContaining({ error: expect.stringContaining('has failed'), error_type: 'AuthorizationFailed' }),
  )
  await page.context().close()
})

/** In a context of its own: nobody is signed in anywhere yet. */
async function freshPage(url: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage()
  page.setDefaultTimeout(15_000)
  await page.goto(url)
  return page
}

async function signIn(page: Page, who: 'alice' | 'bob'): Promise<void> {
  const { name, password } = world.users[who]
  await page.getByLabel('User').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** What the agent says while it waits for its user: the address first, unless it has the token. */
function ask(runtimeUserId: string) {
  const wish = { do: 'user', callbackUrl: app.url, customState: 'from-the-agent' }
  return streamed(clients, agentRuntimeArn, wish, { runtimeSessionId: session(runtimeUserId), runtimeUserId })
}
