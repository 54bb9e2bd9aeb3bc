// Progress on stderr for what takes over a second: a turning line on a terminal, elsewhere a plain line, and one more every ten seconds.
const turning = ['|', '/', '-', '\\']

export interface ProgressStream {
  isTTY?: boolean
  write(text: string): unknown
}

export interface Progress {
  /** What is being waited for now. */
  step(text: string): void
  done(): void
}

export interface Showing {
  /** Told once when it takes long: where else to look. */
  ifLong?: string
  now?: () => number
  everyMs?: number
}

const quietMs = 1_000
const longMs = 10_000

function progress(stream: ProgressStream, { ifLong, now = () => performance.now(), everyMs = 200 }: Showing): Progress {
  const startedAt = now()
  let current = ''
  let shown = ''
  let hasHinted = false
  let tens = 0
  let turn = 0
  const draw = () => {
    const elapsed = now() - startedAt
    if (elapsed < quietMs) return
    const seconds = Math.floor(elapsed / 1_000)
    const isDue = current !== shown || Math.floor(elapsed / longMs) > tens
    if (elapsed >= longMs && ifLong !== undefined && !hasHinted) {
      stream.write(`${stream.isTTY ? '\r\x1b[K' : ''}${ifLong}\n`)
      hasHinted = true
    }
    if (stream.isTTY) stream.write(`\r\x1b[K${turning[turn++ % 4]} ${current}, ${seconds} s`)
    else if (isDue) stream.write(`${current}, ${seconds} s …\n`)
    tens = Math.floor(elapsed / longMs)
    shown = current
  }
  const timer = setInterval(draw, everyMs)
  timer.unref()
  return {
    step(text) {
      current = text
    },
    done() {
      clearInterval(timer)
      if (stream.isTTY && shown) stream.write('\r\x1b[K')
    },
  }
}

/** Runs the work with progress around it, whatever becomes of it. */
export async function withProgress<Result>(
  stream: ProgressStream,
  text: string,
  work: (progress: Progress) => Promise<Result>,
  showing: Showing = {},
): Promise<Result> {
  const shown = progress(stream, showing)
  shown.step(text)
  try {
    return await work(shown)
  } finally {
    shown.done()
  }
}
