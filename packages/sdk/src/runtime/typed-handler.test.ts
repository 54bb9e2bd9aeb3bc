import { afterEach, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'
import { BedrockAgentCoreApp, type RequestContext } from './index.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const question = z.object({ prompt: z.string().min(1), times: z.coerce.number().int().default(2) })

async function invoked(configure: (app: BedrockAgentCoreApp) => void, body: unknown) {
  const quiet = () => {}
  const app = new BedrockAgentCoreApp({ logger: { debug: quiet, info: quiet, warn: quiet, error: quiet } })
  configure(app)
  const running = await app.listen({ port: 0, host: '127.0.0.1' })
  closing.push(() => running.close(0))
  const response = await fetch(`${running.url}/invocations`, { method: 'POST', body: JSON.stringify(body) })
  return { status: response.status, text: await response.text() }
}

it('hands a payload over as the schema makes it, defaults and conversions included', async () => {
  const { text } = await invoked((app) => void app.entrypoint(question, ({ prompt, times }) => prompt.repeat(times)), { prompt: 'a', times: '3' })
  expect(text).toBe('"aaa"')
})

it('streams from behind a schema too', async () => {
  const { text } = await invoked(
    (app) =>
      app.entrypoint(question, async function* ({ prompt, times }) {
        for (let n = 0; n < times; n += 1) yield prompt
      }),
    { prompt: 'a' },
  )
  expect(text).toBe('data: "a"\n\ndata: "a"\n\n')
})

it('refuses with 400 and each issue by its path, and never calls the handler', async () => {
  let called = 0
  const { status, text } = await invoked((app) => void app.entrypoint(question, () => (called += 1)), { prompt: '', times: 'many' })
  expect(status).toBe(400)
  expect(JSON.parse(text)).toEqual({
    error: 'The payload does not match the schema',
    details: [
      { message: expect.stringContaining('1 character'), path: ['prompt'] },
      { message: expect.stringContaining('number'), path: ['times'] },
    ],
  })
  expect(called).toBe(0)
})

it('has the types of the schema on both sides', () => {
  const app = new BedrockAgentCoreApp()
  const answer = app.entrypoint(question, (payload, context) => {
    expectTypeOf(payload).toEqualTypeOf<{ prompt: string; times: number }>()
    expectTypeOf(context).toEqualTypeOf<RequestContext>()
    return { echoed: payload.prompt }
  })
  expectTypeOf<Parameters<typeof answer>[0]['prompt']>().toEqualTypeOf<string>()
  expectTypeOf<Awaited<ReturnType<typeof answer>>>().toEqualTypeOf<{ echoed: string }>()
})
