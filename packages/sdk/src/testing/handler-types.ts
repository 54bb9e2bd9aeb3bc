// What a handler's own type says about its callers: `const answer = app.entrypoint(…)`, then `AgentInput<typeof answer>`.
import type { Entrypoint } from '#runtime/index.js'

// biome-ignore lint/suspicious/noExplicitAny: a handler of any payload; `unknown` would admit none that names its payload.
export type AnyHandler = Entrypoint<any>

export type AgentInput<Handler extends AnyHandler> = Parameters<Handler>[0]

/** One piece of a stream; `never` for a handler that does not stream. */
export type AgentItem<Handler extends AnyHandler> =
  Awaited<ReturnType<Handler>> extends AsyncIterable<infer Item> ? Item : Awaited<ReturnType<Handler>> extends Iterator<infer Item> ? Item : never

/** The value, or all items of a stream. What JSON does on the way (dates become text) is not in the type. */
export type AgentOutput<Handler extends AnyHandler> = [AgentItem<Handler>] extends [never] ? Awaited<ReturnType<Handler>> : AgentItem<Handler>[]
