// The output of a shell between the connections that bring it and the one reader who takes it.

/** What a shell shows. */
export type ShellOutput =
  | { kind: 'stdout' | 'stderr'; data: Uint8Array }
  /** The connection was lost and is there again. What comes next begins with the latest output once more: clear what shows it. */
  | { kind: 'reconnected' }

/** More than this waits in the connection, and then in the terminal: a reader who is slow slows the program. */
const mostWaiting = 1024 * 1024

export function shellOutput(flow: { pause(): void; resume(): void }) {
  const waiting: ShellOutput[] = []
  let bytes = 0
  let isOver = false
  let fault: Error | undefined
  let wake = () => {}

  async function* read(): AsyncGenerator<ShellOutput, void, undefined> {
    for (;;) {
      const next = waiting.shift()
      if (next) {
        const wasFull = bytes > mostWaiting
        bytes -= sizeOf(next)
        if (wasFull && bytes <= mostWaiting) flow.resume()
        yield next
      } else if (fault) throw fault
      else if (isOver) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  }

  return {
    push(output: ShellOutput): void {
      waiting.push(output)
      bytes += sizeOf(output)
      if (bytes > mostWaiting) flow.pause()
      wake()
    },
    isFull: () => bytes > mostWaiting,
    end(reason?: Error): void {
      isOver = true
      fault = reason
      wake()
    },
    read,
  }
}

function sizeOf(output: ShellOutput): number {
  return output.kind === 'reconnected' ? 1 : output.data.length
}
