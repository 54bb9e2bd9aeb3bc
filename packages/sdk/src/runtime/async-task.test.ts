import { expect, expectTypeOf, it } from 'vitest'
import { BedrockAgentCoreApp } from './index.js'

const busy = (app: BedrockAgentCoreApp) => app.getAsyncTaskInfo().activeCount

it('wraps a plain function and gives its value back as it is', () => {
  const app = new BedrockAgentCoreApp()
  const work = app.asyncTask((a: number, b: string) => `${a}${b}${busy(app)}`)
  expectTypeOf(work).toEqualTypeOf<(a: number, b: string) => string>()
  expect([work(1, 'x'), busy(app)]).toEqual(['1x1', 0])
})

it('is done when a promise settles either way, and when a function throws', async () => {
  const app = new BedrockAgentCoreApp()
  const gate = Promise.withResolvers<void>()
  const work = app.asyncTask(() => gate.promise, 'work')
  const running = work()
  expect(busy(app)).toBe(1)
  gate.reject(new Error('failed'))
  await expect(running).rejects.toThrow('failed')
  expect(busy(app)).toBe(0)
  const broken = app.asyncTask(() => {
    throw new Error('at once')
  })
  expect(broken).toThrow('at once')
  expect(busy(app)).toBe(0)
})

it('is busy until a generator is read to its end, left, or fails', async () => {
  const app = new BedrockAgentCoreApp()
  const items = app.asyncTask(async function* () {
    yield 1
    yield 2
  })
  const seen: number[][] = []
  for await (const item of items()) seen.push([item, busy(app)])
  expect([seen, busy(app)]).toEqual([
    [
      [1, 1],
      [2, 1],
    ],
    0,
  ])
  for await (const _item of items()) break
  expect(busy(app)).toBe(0)
  const failing = app.asyncTask(function* () {
    yield 1
    throw new Error('later')
  })
  expect(() => [...failing()]).toThrow('later')
  expect(busy(app)).toBe(0)
})
