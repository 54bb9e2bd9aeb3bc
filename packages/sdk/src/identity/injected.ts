// A credential as the last argument: of a function that takes one, and of nobody who calls it.

/** `work` with its last argument filled in. */
export type Injecting<Value> = <Args extends unknown[], Result>(
  work: (...args: [...Args, value: Value]) => Result,
) => (...args: Args) => Promise<Awaited<Result>>

/** Asked for at each call: a credential that was kept could have ended, or be another user's. */
export function injecting<Value>(get: () => Promise<Value>): Injecting<Value> {
  return <Args extends unknown[], Result>(work: (...args: [...Args, value: Value]) => Result) =>
    async (...args: Args): Promise<Awaited<Result>> =>
      await work(...args, await get())
}
