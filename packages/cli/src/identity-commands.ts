// identity: tokens and those who issue and check them.
import type { Command } from 'commander'
import { add, noun, type On } from './declare.js'

export function identityCommands(root: Command, on: On): void {
  const identity = noun(root, 'identity', 'tokens: who issues them, who checks them, what they open')

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
