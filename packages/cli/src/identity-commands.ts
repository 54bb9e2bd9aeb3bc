// identity: tokens and those who issue and check them.
import type { Command } from 'commander'
import type { TokenOptions } from './commands/identity-token.js'
import type { ClientOptions } from './commands/provider-clients.js'
import type { SetupOptions } from './commands/provider-setup.js'
import type { MachineTokenOptions } from './commands/provider-token.js'
import type { ExplainOptions } from './commands/tokens.js'
import { add, collect, noun, type On, port } from './declare.js'
import { vaultCommands } from './vault-commands.js'

export function identityCommands(root: Command, on: On): void {
  const identity = noun(root, 'identity', 'tokens: who issues them, who checks them, what they open')

  add(identity, 'token', 'an access token as an agent gets it from a credential provider; opens the page where the user says yes', [
    'agentworks identity token try --scope read:mail',
    'agentworks identity token try --scope read:mail --m2m',
  ])
    .argument('<provider>', 'name of the OAuth2 credential provider')
    .option('--workload <name>', 'workload identity that asks (default: of the same name)')
    .option('--user <id>', 'for whom, as your application calls them', 'me')
    .option('--scope <scope>', 'repeatable', collect, [])
    .option('--audience <audience>', 'whom the token is for, where the provider asks')
    .option('--m2m', 'for the machine itself: no user, no page')
    .option('--force', 'ask the user again')
    .option('--sign-in <name>', 'answer the pages of the built-in identity provider as this user; the password is read from stdin')
    .option('--no-browser', 'only print the address')
    .action(
      on<[string, TokenOptions]>(async (invoked, [name, options]) =>
        (await import('./commands/identity-token.js')).identityToken(invoked, name, options),
      ),
    )

  providerCommands(identity, on)
  vaultCommands(identity, on)

  add(identity, 'check', 'what an identity provider publishes, as this platform reads it: status, issuer, keys, clock', [
    'agentworks identity check https://id.example.com/.well-known/openid-configuration',
  ])
    .argument('<discovery-url>', 'address of its discovery document')
    .action(on<[string]>(async (invoked, [url]) => (await import('./commands/tokens.js')).checkIssuer(invoked, url)))
  add(identity, 'explain', 'which checks of a runtime’s JWT authorizer a token passes and fails; the token is never shown', [
    'agentworks identity explain token.txt --runtime my_agent',
    'agentworks identity provider token | agentworks identity explain - --runtime my_agent',
  ])
    .argument('<token>', 'file that holds the token; - for standard input; the token itself is taken too')
    .requiredOption('--runtime <name-or-arn>', 'name, id or ARN of the runtime')
    .option('--qualifier <endpoint>', 'name of the endpoint', 'DEFAULT')
    .action(
      on<[string, ExplainOptions]>(async (invoked, [file, options]) => (await import('./commands/tokens.js')).explainToken(invoked, file, options)),
    )

  const issuer = noun(identity, 'issuer', "the platform's own JWTs (sts GetWebIdentityToken) and the keys that services outside check them by")
  add(issuer, 'keys', 'the issuer and its keys: the one that signs, the next, those whose tokens still live', [
    'agentworks identity issuer keys',
  ]).action(on(async (invoked) => (await import('./commands/issuer.js')).showKeys(invoked)))
  add(issuer, 'rotate', 'new keys; the old ones are published until what they signed has ended', [
    'agentworks identity issuer rotate',
    'agentworks identity issuer rotate --now',
  ])
    .option('--now', 'the old keys are in wrong hands: they go at once, and so do all tokens that they signed')
    .action(on<[{ now?: boolean }]>(async (invoked, [options]) => (await import('./commands/issuer.js')).rotateKeys(invoked, options)))
}

function providerCommands(identity: Command, on: On): void {
  const provider = noun(
    identity,
    'provider',
    'an OpenID Connect provider of your own on loopback, with users that you make up: for trying things out',
  )
  add(provider, 'start', 'run it in the foreground', ['agentworks identity provider start', 'agentworks identity provider start --port 0'])
    .option('--port <number>', 'port to listen on; 0 picks a free one', port, 4690)
    .action(on<[{ port: number }]>(async (invoked, [options]) => (await import('./commands/provider-start.js')).startProvider(invoked, options)))

  add(provider, 'setup', 'all that a three-legged flow needs on this machine: user, client, credential provider, workload identity', [
    'agentworks identity provider setup',
  ])
    .option('--name <name>', 'of the credential provider, the workload identity and the client', 'try')
    .option('--user <name>', 'a user with a new password', 'alice')
    .option('--return-url <url>', 'where the user comes back to', 'http://127.0.0.1:4691/return')
    .action(on<[SetupOptions]>(async (invoked, [options]) => (await import('./commands/provider-setup.js')).setupProvider(invoked, options)))

  add(provider, 'token', 'a machine token (client credentials), printed', [
    'agentworks identity provider token --audience my-agent --scope tools/read',
    'TOKEN=$(agentworks identity provider token --client my-client)',
  ])
    .option('--client <id>', 'whose', 'machine')
    .option('--audience <audience>', 'the aud of the token (default: agentworks)')
    .option('--scope <scope>', 'a scope of the token; repeatable', collect, [])
    .action(on<[MachineTokenOptions]>(async (invoked, [options]) => (await import('./commands/provider-token.js')).machineToken(invoked, options)))

  const users = noun(provider, 'users', 'its users')
  add(users, 'list', 'who there is', ['agentworks identity provider users list']).action(
    on(async (invoked) => (await import('./commands/provider-users.js')).listProviderUsers(invoked)),
  )
  add(users, 'add', 'make a user, or give one a new password; it is shown once', ['agentworks identity provider users add bob'])
    .argument('<name>', 'letters, digits and . _ -')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/provider-users.js')).addProviderUser(invoked, name)))
  add(users, 'remove', 'remove a user', ['agentworks identity provider users remove bob'])
    .argument('<name>', 'name of the user')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/provider-users.js')).removeProviderUser(invoked, name)))

  const clients = noun(provider, 'clients', 'the applications that may ask it for tokens')
  add(clients, 'list', 'which there are', ['agentworks identity provider clients list']).action(
    on(async (invoked) => (await import('./commands/provider-clients.js')).listProviderClients(invoked)),
  )
  add(clients, 'add', 'make a client, or change it and give it a new secret; it is shown once', [
    'agentworks identity provider clients add my-service',
    'agentworks identity provider clients add my-app --redirect-uri http://127.0.0.1:8000/callback',
  ])
    .argument('<id>', 'letters, digits and . _ -')
    .option('--redirect-uri <url>', 'where users may be sent back to; repeatable; none: machine tokens only', collect, [])
    .option('--public', 'without a secret, for applications that cannot keep one')
    .action(
      on<[string, ClientOptions]>(async (invoked, [id, options]) =>
        (await import('./commands/provider-clients.js')).addProviderClient(invoked, id, options),
      ),
    )
  add(clients, 'remove', 'remove a client', ['agentworks identity provider clients remove my-app'])
    .argument('<id>', 'id of the client')
    .action(on<[string]>(async (invoked, [id]) => (await import('./commands/provider-clients.js')).removeProviderClient(invoked, id)))
}
