// What /ping answers. The runtime ends idle sessions by `time_of_last_update`: it must move when the status changes and only then.

/** `HealthyBusy`: work goes on in the background, keep the session past its idle timeout. */
export type PingStatus = 'Healthy' | 'HealthyBusy'

/** May be async. When it throws or answers anything else, the automatic status counts. */
export type PingHandler = () => PingStatus | Promise<PingStatus>

export interface AsyncTaskInfo {
  activeCount: number
  /** `duration` in seconds since the task was added. */
  runningJobs: { name: string; duration: number }[]
}

export function pingState({ now, onHandlerFault }: { now: () => number; onHandlerFault: (error: unknown) => void }) {
  const tasks = new Map<number, { name: string; startedAt: number }>()
  let lastTaskId = 0
  let forced: PingStatus | undefined
  let handler: PingHandler | undefined
  let seen: PingStatus = 'Healthy'
  let changedAt = now()

  const automatic = (): PingStatus => (tasks.size > 0 ? 'HealthyBusy' : 'Healthy')

  function note(status: PingStatus): PingStatus {
    if (status !== seen) changedAt = now()
    seen = status
    return status
  }

  // Without this the change would bear the time of the next ping instead of its own.
  function noteWithoutAsking() {
    if (forced) note(forced)
    else if (!handler) note(automatic())
  }

  async function asked(ask: PingHandler): Promise<PingStatus> {
    try {
      const status = await ask()
      if (status === 'Healthy' || status === 'HealthyBusy') return status
      throw new TypeError(`the ping handler answered ${String(status)}; it must answer Healthy or HealthyBusy`)
    } catch (error) {
      onHandlerFault(error)
      return automatic()
    }
  }

  return {
    /** Forced before handler before automatic. */
    async answer(): Promise<{ status: PingStatus; time_of_last_update: number }> {
      const status = forced ?? (handler ? await asked(handler) : automatic())
      note(forced ?? status)
      return { status: seen, time_of_last_update: Math.floor(changedAt / 1000) }
    },
    handleWith(ping: PingHandler) {
      handler = ping
    },
    force(status: PingStatus | undefined) {
      forced = status
      noteWithoutAsking()
    },
    add(name: string): number {
      lastTaskId += 1
      tasks.set(lastTaskId, { name, startedAt: now() })
      noteWithoutAsking()
      return lastTaskId
    },
    complete(taskId: number): boolean {
      const wasRunning = tasks.delete(taskId)
      noteWithoutAsking()
      return wasRunning
    },
    info(): AsyncTaskInfo {
      const runningJobs = [...tasks.values()].map(({ name, startedAt }) => ({ name, duration: (now() - startedAt) / 1000 }))
      return { activeCount: tasks.size, runningJobs }
    },
  }
}
