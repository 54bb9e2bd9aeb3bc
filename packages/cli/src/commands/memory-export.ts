// memory export | import: everything in a memory as lines of JSON.
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { MemoryLine } from '@agentworks/sdk/memory'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withProgress } from '#core/progress.js'
import { memoryNamed, withMemories, withMemory } from '#core/with-memory.js'

/** Only its owner may read the file: it holds what people said. */
export async function exportMemory(invoked: Invoked, wanted: string, file: string | undefined): Promise<void> {
  const { world, out } = invoked
  if (file === undefined && out.json) throw wrongUsage('--json tells of the file, and there is none', 'name a file, or leave --json out')
  await withMemory(invoked, wanted, async (client, memoryId) => {
    if (file === undefined) {
      for await (const line of client.exportMemory(memoryId)) await written(world.stdout, `${JSON.stringify(line)}\n`)
      return
    }
    await using target = await open(resolve(world.cwd, file), 'w', 0o600)
    let lines = 0
    await withProgress(world.stderr, `exporting ${memoryId}`, async (progress) => {
      for await (const line of client.exportMemory(memoryId)) {
        await target.write(`${JSON.stringify(line)}\n`)
        lines += 1
        if (lines % 100 === 0) progress.step(`exporting ${memoryId}: ${lines} lines`)
      }
      await target.sync()
    })
    out.document({ memoryId, file, lines })
    out.line(`exported ${memoryId}: ${lines} lines in ${file}`)
  })
}

export interface ImportMemoryOptions {
  name?: string
  into?: string
}

export async function importMemory(invoked: Invoked, file: string, { name, into }: ImportMemoryOptions): Promise<void> {
  const { world, out } = invoked
  if (name !== undefined && into !== undefined) throw wrongUsage('--name is of a new memory, --into one that is there', 'leave one of them out')
  const done = await withProgress(world.stderr, 'importing', (progress) =>
    withMemories(invoked, async (client) =>
      client.importMemory(await linesOf(invoked, file), {
        ...(name !== undefined && { name }),
        ...(into !== undefined && { memoryId: await memoryNamed(client, into) }),
        onLine: (count) => progress.step(`importing: ${count} lines`),
      }),
    ),
  )
  out.document(done)
  out.line(`imported ${done.memoryId}: ${done.events} events, ${done.records} records`)
  for (const { memoryRecordId, errorMessage } of done.failed) out.note(`${memoryRecordId} was refused: ${errorMessage}`)
  if (done.failed.length > 0) throw new Failure(`${done.failed.length} records were refused`, { why: done.failed[0]?.errorMessage })
}

async function linesOf({ world }: Invoked, file: string): Promise<AsyncGenerator<MemoryLine>> {
  if (file === '-') return parsed(world.stdin)
  const path = resolve(world.cwd, file)
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) throw wrongUsage(`${file} is no file`, 'name the file that export wrote, or - for standard input')
  return parsed(createReadStream(path))
}

async function* parsed(input: NodeJS.ReadableStream): AsyncGenerator<MemoryLine> {
  let at = 0
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    at += 1
    if (text.trim() !== '') yield lineIn(text, at)
  }
}

function lineIn(text: string, at: number): MemoryLine {
  try {
    const line: unknown = JSON.parse(text)
    if (typeof line === 'object' && line !== null) return line as MemoryLine
  } catch {
    // Refused below, as JSON of another form is.
  }
  throw wrongUsage(`line ${at} is no JSON object`, 'give the lines as export wrote them')
}

function written(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve())))
}
