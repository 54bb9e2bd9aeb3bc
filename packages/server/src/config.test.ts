// What the environment of `start` may hold: what is meant is taken, and what cannot be meant is refused with its variable and a right example.
import { expect, it } from 'vitest'
import { readConfig } from './config.js'

it.each([
  ['AGENTWORKS_REFUSE_EGRESS', '203.0.113.0/24, 2001:db8::/32', { egress: { refused: { ipv4: ['203.0.113.0/24'], ipv6: ['2001:db8::/32'] } } }],
  ['AGENTWORKS_RESOLVERS', '192.0.2.53,192.0.2.53:5353,[2001:db8::53]:53', { egress: { resolvers: expect.arrayContaining(['[2001:db8::53]:53']) } }],
  ['AGENTWORKS_SESSION_MEMORY_MB', '128', { sessionLimits: { memoryBytes: 128 * 2 ** 20 } }],
  ['AGENTWORKS_START_SECONDS', '5', { startMs: 5_000 }],
  ['AGENTWORKS_ISSUER_URL', 'https://issuer.example.com', { issuerUrl: 'https://issuer.example.com' }],
  ['AGENTWORKS_LOG_LEVEL', '', { logLevel: 'info' }],
])('takes %s=%s', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toMatchObject(expected)
})

it.each([
  ['AGENTWORKS_REFUSE_EGRESS', '203.0.113.0', '203.0.113.0/24'],
  ['AGENTWORKS_REFUSE_EGRESS', '203.0.113.0/33', '203.0.113.0/24'],
  ['AGENTWORKS_REFUSE_EGRESS', 'example.com/8', '203.0.113.0/24'],
  ['AGENTWORKS_RESOLVERS', 'dns.example.com', '192.0.2.53'],
  ['AGENTWORKS_RESOLVERS', '192.0.2.53:70000', '192.0.2.53:5353'],
  ['AGENTWORKS_RESOLVERS', '2001:db8::53:x', '[2001:db8::53]:53'],
  ['AGENTWORKS_ALLOW_EGRESS', '10.20.0.0/40', '10.20.0.0/16'],
  ['AGENTWORKS_SESSION_MEMORY_MB', '1', '64'],
  ['AGENTWORKS_SESSION_CPUS', 'two', '1'],
  ['AGENTWORKS_ISSUER_URL', 'https://issuer.example.com/', 'https://issuer.example.com'],
  ['AGENTWORKS_LOG_LEVEL', 'loud', 'debug'],
])('refuses %s=%s, and says what it could be', (name, value, example) => {
  expect(() => readConfig({ [name]: value })).toThrow(expect.objectContaining({ message: expect.stringContaining(name) }))
  expect(() => readConfig({ [name]: value })).toThrow(example)
})
