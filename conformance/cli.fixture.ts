// The built command line beside a running platform, as its owner types it.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { RunningPlatform } from './platform.fixture.ts'

const bin = join(import.meta.dirname, '../packages/cli/bin/agentworks.js')

export interface Said {
  code: number
  stdout: string
  stderr: string
}

export function typed(platform: Pick<RunningPlatform, 'dataDir' | 'env'>, args: readonly string[], input = ''): Promise<Said> {
  const child = { stdin: undefined as NodeJS.WritableStream | null | undefined }
  const said = new Promise<Said>((resolve) => {
    const started = execFile(
      process.execPath,
      [bin, ...args, '--data-dir', platform.dataDir],
      { env: platform.env, timeout: 50_000 },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    )
    child.stdin = started.stdin
  })
  child.stdin?.end(input)
  return said
}
