// identity workloads | providers | vault | rotate-master-key
import type { Command } from 'commander'
import type { Oauth2Options } from './commands/providers.js'
import { add, collect, count, noun, type On } from './declare.js'

export function vaultCommands(identity: Command, on: On): void {
  const workloads = noun(identity, 'workloads', 'workload identities: who agents are')
  add(workloads, 'list', 'all of them, with those that belong to agents', ['agentworks identity workloads list']).action(
    on(async (invoked) => (await import('./commands/workloads.js')).listWorkloads(invoked)),
  )
  add(workloads, 'create', 'an identity for a program that runs outside of the platform', [
    'agentworks identity workloads create my-app --return-url http://localhost:3000/back',
  ])
    .argument('<name>', '3 to 255 letters, digits, dots, underscores and hyphens')
    .option('--return-url <url>', 'where users may be sent back to; repeatable', collect, [])
    .action(
      on<[string, { returnUrl: string[] }]>(async (invoked, [name, options]) =>
        (await import('./commands/workloads.js')).createWorkload(invoked, name, options),
      ),
    )
  add(workloads, 'get', 'one identity', ['agentworks identity workloads get my-app'])
    .argument('<name>')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/workloads.js')).getWorkload(invoked, name)))
  add(workloads, 'delete', 'delete an identity, and the tokens that were kept for it', ['agentworks identity workloads delete my-app'])
    .argument('<name>')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/workloads.js')).deleteWorkload(invoked, name)))

  const providers = noun(identity, 'providers', 'credential providers: the keys and OAuth2 clients that agents use without holding a secret')
  add(providers, 'list', 'all of them, without their secrets', ['agentworks identity providers list']).action(
    on(async (invoked) => (await import('./commands/providers.js')).listProviders(invoked)),
  )
  add(providers, 'add-api-key', 'put an API key, read from stdin, into the vault', [
    'printf %s "$WEATHER_KEY" | agentworks identity providers add-api-key weather',
  ])
    .argument('<name>')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/providers.js')).addApiKey(invoked, name)))
  add(providers, 'add-oauth2', 'an OAuth2 client, whose secret is read from stdin', [
    'printf %s "$SECRET" | agentworks identity providers add-oauth2 github --vendor GithubOauth2 --client-id Iv1.abc',
    'printf %s "$SECRET" | agentworks identity providers add-oauth2 own --client-id app --discovery-url https://login.example.com/.well-known/openid-configuration',
  ])
    .argument('<name>')
    .option('--vendor <vendor>', 'as in AWS: GoogleOauth2, GithubOauth2, OktaOauth2 …', 'CustomOauth2')
    .requiredOption('--client-id <id>', 'of the client at the vendor')
    .option('--discovery-url <url>', 'of CustomOauth2: the discovery document')
    .option('--issuer <url>', 'of CustomOauth2, and of vendors with a tenant for each customer')
    .option('--authorization-endpoint <url>', 'with --issuer')
    .option('--token-endpoint <url>', 'with --issuer')
    .option('--tenant-id <id>', 'of MicrosoftOauth2')
    .action(
      on<[string, Oauth2Options]>(async (invoked, [name, options]) => (await import('./commands/providers.js')).addOauth2(invoked, name, options)),
    )
  add(providers, 'get', 'one of them, without its secret', ['agentworks identity providers get weather'])
    .argument('<name>')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/providers.js')).getProvider(invoked, name)))
  add(providers, 'delete', 'delete one with its secret', ['agentworks identity providers delete weather'])
    .argument('<name>')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/providers.js')).deleteProvider(invoked, name)))

  const vault = noun(identity, 'vault', 'where secrets and tokens lie, each under a key of its own')
  add(vault, 'list', 'what lies there: whose it is and until when, never what it is', ['agentworks identity vault list'])
    .option('--limit <entries>', 'at most so many', count, 200)
    .action(on<[{ limit: number }]>(async (invoked, [options]) => (await import('./commands/vault.js')).listVault(invoked, options)))

  add(identity, 'rotate-master-key', 'make a new master key for the vault and seal every entry under it; the platform goes on working', [
    'agentworks identity rotate-master-key',
  ])
    .option('--forget-unreadable', 'give up what no key here opens: when the key is lost for good, or entries were damaged')
    .action(
      on<[{ forgetUnreadable?: boolean }]>(async (invoked, [options]) => (await import('./commands/vault.js')).rotateMasterKey(invoked, options)),
    )
}
