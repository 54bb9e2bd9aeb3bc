// A bearer token from a file or standard input: on a command line everybody on the host could read it.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { wrongUsage } from './failure.js'
import type { World } from './invoked.js'

/** `-` is standard input. What is read is never shown. */
export async function tokenFrom({ stdin, cwd }: World, file: string): Promise<string> {
  const read = file === '-' ? await text(stdin) : await fileText(resolve(cwd, file), file)
  const token = read.trim().replace(/^bearer +/i, '')
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token))
    throw wrongUsage(`${file === '-' ? 'standard input' : file} holds no bearer token`, 'put the token there alone, on one line')
  return token
}

async function fileText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw wrongUsage(
      `cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`,
      'name a file that holds the token alone, or - for standard input',
    )
  }
}
