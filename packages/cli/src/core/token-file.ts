// A bearer token from a file or standard input: on a command line everybody on the host could read it.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { wrongUsage } from './failure.js'
import type { Invoked, World } from './invoked.js'

/** The form of a JWT, which no file's name has. */
const jwt = /^ey[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/

/** Whoever gives the token itself has shown it to the host already; refusing it would only show it once more. */
export async function tokenGiven({ world, out }: Invoked, given: string): Promise<string> {
  if (!jwt.test(given)) return tokenFrom(world, given)
  out.note('the token stands on the command line, where others on this host can read it: give it in a file, or with - on standard input')
  return given
}

/** `-` is standard input. What is read is never shown. */
export async function tokenFrom({ stdin, cwd }: World, file: string): Promise<string> {
  if (jwt.test(file))
    throw wrongUsage('a token was given where the name of a file belongs', 'put it into a file, or give - and the token on standard input')
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
