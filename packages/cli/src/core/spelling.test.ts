import { expect, test } from 'vitest'
import { namedDataDir, spelling } from './spelling.js'

test.each([
  ['agentworks start   (in another terminal)', 'npx agentworks start --data-dir /d   (in another terminal)'],
  ['agentworks agents delete NAME', 'npx agentworks agents delete --data-dir /d NAME'],
  ['eval "$(agentworks env)"', 'eval "$(npx agentworks env --data-dir /d)"'],
  ['kill 5, or agentworks start --data-dir DIR --port 0', 'kill 5, or npx agentworks start --data-dir DIR --port 0'],
  ['agentworks doctor; agentworks logs builder', 'npx agentworks doctor --data-dir /d; npx agentworks logs --data-dir /d builder'],
  ['npx agentworks chat', 'npx agentworks chat --data-dir /d'],
  ['agentworks identity provider start --port 0', 'npx agentworks identity provider start --data-dir /d --port 0'],
  ['agentworks identity provider users add bob', 'npx agentworks identity provider users add --data-dir /d bob'],
  ['agentworks identity providers list', 'npx agentworks identity providers list --data-dir /d'],
  ['agentworks roles list', 'npx agentworks roles list --data-dir /d'],
  ['agentworks identity token GitHub', 'npx agentworks identity token --data-dir /d GitHub'],
  ['agentworks needs Node 22', 'agentworks needs Node 22'],
])('%j names the folder once, where a command can take it', (text, spelled) => {
  expect(spelling('/d')(text)).toBe(spelled)
})

test('the default folder is not named, an odd one is quoted', () => {
  expect(spelling()('agentworks agents list')).toBe('npx agentworks agents list')
  expect(spelling("/it's here")('agentworks chat')).toBe(`npx agentworks chat --data-dir '/it'\\''s here'`)
})

test('the folder is found in the words, else in the environment', () => {
  expect(namedDataDir(['logs', 'a', '--data-dir', '/x'], {})).toBe('/x')
  expect(namedDataDir(['logs', '--data-dir=/y'], { AGENTWORKS_DATA_DIR: '/z' })).toBe('/y')
  expect(namedDataDir(['logs'], { AGENTWORKS_DATA_DIR: '/z' })).toBe('/z')
})
