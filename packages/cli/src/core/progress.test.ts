import { expect, test } from 'vitest'
import { withProgress } from './progress.js'

test('a wait is told with its seconds, and where to look when it gets long', async () => {
  let said = ''
  let elapsed = 0
  const stream = { write: (text: string) => (said += text) }
  const until = async (text: string) => {
    const deadline = performance.now() + 5_000
    while (!said.endsWith(text) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2))
    expect(said).toBe(text)
  }
  const showing = { ifLong: 'no answer yet; its output: npx agentworks logs never', now: () => elapsed, everyMs: 1 }
  await withProgress(
    stream,
    'waiting for never',
    async () => {
      elapsed = 1_100
      await until('waiting for never, 1 s …\n')
      elapsed = 20_500
      await until('waiting for never, 1 s …\nno answer yet; its output: npx agentworks logs never\nwaiting for never, 20 s …\n')
    },
    showing,
  )
})

test('what is quick says nothing', async () => {
  let said = ''
  await withProgress({ write: (text) => (said += text) }, 'packing', async () => new Promise((resolve) => setTimeout(resolve, 20)), { everyMs: 1 })
  expect(said).toBe('')
})
