import { expect, test } from 'vitest'
import { agentNamePattern, repairedAgentName } from './agent-name.js'

test.each([
  ['GreeterBot', 'GreeterBot'],
  ['greeter-bot', 'greeter_bot'],
  ['  my shiny  agent! ', 'my_shiny_agent'],
  ['42nd street', 'nd_street'],
  ['Café Helper', 'Cafe_Helper'],
  ['under_score', 'under_score'],
])('turns "%s" into %s', (name, repaired) => {
  expect(repairedAgentName(name)).toBe(repaired)
})

test('cuts a long name to what AWS allows, without a trailing underscore', () => {
  const repaired = repairedAgentName(`${'a'.repeat(47)}-${'b'.repeat(20)}`)
  expect(repaired).toBe('a'.repeat(47))
  expect(repaired).toMatch(agentNamePattern)
})

test.each(['', '42', '???', '日本'])('gives up on "%s", of which nothing can be kept', (name) => {
  expect(repairedAgentName(name)).toBeUndefined()
})
