// The program that takes questions for names in the router's namespace, and the platform's end of it.
import { type ChildProcess, spawn } from 'node:child_process'
import { open, readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { guestPrograms } from '@agentworks/guest'
import { collect, letGo, ToolFailed } from './child.js'
import type { Names } from './names.js'

/** In the router, on its own loopback. What sessions have in /etc/resolv.conf. */
export const resolverAddress = '100.127.255.250'

/** Resolves once it listens. */
export async function startResolver(inRouter: readonly string[], names: Names): Promise<ChildProcess> {
  const source = await readFile(guestPrograms.resolver, 'utf8')
  const node = await open(process.execPath)
  try {
    // By descriptor: the router's user may be shut out of the folder that our Node lies in.
    const [program = '', ...args] = [...inRouter, '/proc/self/fd/3', '-e', source, resolverAddress]
    const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe', node.fd] })
    const said = collect(child)
    child.stdin?.on('error', () => {})
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => reject(new ToolFailed(`the resolver of sessions: ${said.errors().trim() || `ended with ${code}`}`)))
      if (child.stdout) {
        createInterface(child.stdout).on('line', (line) => {
          if (line === 'ready') resolve()
          else void answer(child, line, names)
        })
      }
    })
    letGo(child)
    return child
  } finally {
    await node.close()
  }
}

async function answer(child: ChildProcess, line: string, names: Names): Promise<void> {
  const { id, from, question } = JSON.parse(line) as { id: number; from: string; question: string }
  const found = await names(from, Buffer.from(question, 'base64')).catch(() => undefined)
  if (child.stdin?.writable) child.stdin.write(`${JSON.stringify({ id, answer: found?.toString('base64') })}\n`)
}
