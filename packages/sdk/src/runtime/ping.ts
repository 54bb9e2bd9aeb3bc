// What /ping answers. The runtime ends idle sessions by `time_of_last_update`: it must move when the status changes and only then.

/** `HealthyBusy`: work goes on in the background, keep the session past its idle timeout. */
export type PingStatus = 'Healthy' | 'HealthyBusy'

/** May be async. When it throws or answers anything else, the automatic status counts. */
export type PingHandler = () => PingStatus | Promise<PingStatus>

export interface AsyncTaskInfo {
  activeCount: number
  /** `duration` in seconds since the task was added; `metadata` as it was given. */
  runningJobs: { name: string; duration: number; metadata?: unknown }[]
}

export interface PingAnswer {
  status: PingStatus
  /** Seconds of the epoch. */
  time_of_last_update: number
}

interface Options {
  now: () => number
  onHandlerFault: (error: unknown) => void
  /** Each new answer, as soon as it is known. */
  onChange?: (answer: PingAnswer) => void
}

export function pingState({ now, onHandlerFault, onChange = () => {} }: Options) {
  const tasks = new Map<number, { name: string; startedAt: number; metadata: unknown }>()
  let lastTaskId = 0
  let forced: PingStatus | undefined
  let handler: PingHandler | undefined
  let seen: PingStatus = 'Healthy'
  let changedAt = now()

  const automatic = (): PingStatus => (tasks.size > 0 ? 'HealthyBusy' : 'Healthy')

  function note(status: PingStatus): PingStatus {
    if (status !== seen) {
      changedAt = now()
      seen = status
      onChange(current())
    }
    return status
  }

  const current = (): PingAnswer => ({ status: seen, time_of_last_update: Math.floor(changedAt / 1000) })

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
    async answer(): Promise<PingAnswer> {
      const status = forced ?? (handler ? await asked(handler) : automatic())
      note(forced ?? status)
      return current()
    },
    /** As last known: asks nobody. */
    current,
    handleWith(ping: PingHandler) {
      handler = ping
    },
    force(status: PingStatus | undefined) {
      forced = status
      noteWithoutAsking()
    },
    add(name: string, metadata?: unknown): number {
      lastTaskId += 1
      tasks.set(lastTaskId, { name, startedAt: now(), metadata })
      noteWithoutAsking()
      return lastTaskId
    },
    complete(taskId: number): boolean {
      const wasRunning = tasks.delete(taskId)
      noteWithoutAsking()
      return wasRunning
    },
    info(): AsyncTaskInfo {
      const runningJobs = [...tasks.values()].map(({ name, startedAt, metadata }) => ({
        name,
        duration: (now() - startedAt) / 1000,
        ...(metadata !== undefined && { metadata }),
      }))
      return { activeCount: tasks.size, runningJobs }
    },
  }
}
