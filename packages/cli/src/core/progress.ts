// Progress on stderr for what takes over a second: a turning line on a terminal, a plain line elsewhere.
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

function progress(stream: ProgressStream, afterMs = 1_000): Progress {
  const startedAt = performance.now()
  let current = ''
  let shown = ''
  let turn = 0
  const draw = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1_000)
    if (stream.isTTY) stream.write(`\r\x1b[K${turning[turn++ % 4]} ${current} (${seconds} s)`)
    else if (current !== shown) stream.write(`${current} …\n`)
    shown = current
  }
  let timer: NodeJS.Timeout | undefined
  const first = setTimeout(() => {
    draw()
    timer = setInterval(draw, 200)
    timer.unref()
  }, afterMs)
  first.unref()
  return {
    step(text) {
      current = text
    },
    done() {
      clearTimeout(first)
      clearInterval(timer)
      if (stream.isTTY && shown) stream.write('\r\x1b[K')
    },
  }
}

/** Runs the work with progress around it, whatever becomes of it. */
export async function withProgress<Result>(stream: ProgressStream, text: string, work: (progress: Progress) => Promise<Result>): Promise<Result> {
  const shown = progress(stream)
  shown.step(text)
  try {
    return await work(shown)
  } finally {
    shown.done()
  }
}
