// Several callers that want the same thing at the same time share one piece of work.

export type OnlyOnce = <R>(id: string, work: () => Promise<R>) => Promise<R>

export function onlyOnce(): OnlyOnce {
  const running = new Map<string, Promise<unknown>>()
  return <R>(id: string, work: () => Promise<R>) => {
    const found = running.get(id)
    if (found) return found as Promise<R>
    const started = work().finally(() => running.delete(id))
    running.set(id, started)
    return started
  }
}
