// A function whose runs keep the session busy, whatever it returns: a value, a promise, or a generator that is busy until it is read out.

/** `begin` is called before each run and returns what ends it. Types of arguments and result stay as they are. */
export function tracked<Args extends unknown[], Result>(work: (...args: Args) => Result, begin: () => () => void): (...args: Args) => Result {
  return (...args) => {
    const end = begin()
    let result: Result
    try {
      result = work(...args)
    } catch (error) {
      end()
      throw error
    }
    if (isThenable(result)) {
      // `then` and not `finally`: a rejection that the caller handles must not come up a second time, unhandled.
      result.then(end, end)
      return result
    }
    if (isGenerator(result)) return untilRead(result, end)
    end()
    return result
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}

function isGenerator(value: unknown): value is Generator | AsyncGenerator {
  return typeof value === 'object' && value !== null && 'next' in value && 'return' in value && 'throw' in value
}

function untilRead<Source extends Generator | AsyncGenerator>(source: Source, end: () => void): Source {
  const step = (name: 'next' | 'return' | 'throw') => (value?: unknown) => {
    try {
      const result = (source[name] as (value: unknown) => IteratorResult<unknown> | Promise<IteratorResult<unknown>>)(value)
      if (isThenable(result)) result.then(({ done }) => done && end(), end)
      else if (result.done) end()
      return result
    } catch (error) {
      end()
      throw error
    }
  }
  return new Proxy(source, {
    get(target, name) {
      if (name === Symbol.iterator || name === Symbol.asyncIterator) return name in target ? () => untilRead(source, end) : undefined
      if (name === 'next' || name === 'return' || name === 'throw') return step(name)
      return Reflect.get(target, name, target)
    },
  })
}
