// Policies in files, and what is wrong in those that the platform holds.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { adminFetch } from './connection.js'
import { runningPlatform } from './data-folder.js'
import { wrongUsage } from './failure.js'
import type { Invoked } from './invoked.js'

export async function policyFile({ world }: Invoked, path: string): Promise<string> {
  const text = await readFile(resolve(world.cwd, path), 'utf8').catch((error: Error) => {
    throw wrongUsage(`cannot read the policy ${path}: ${error.message}`)
  })
  try {
    JSON.parse(text)
  } catch {
    throw wrongUsage(
      `${path} is not JSON`,
      'an IAM policy: {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "…", "Resource": "…"}]}',
    )
  }
  return text
}

/** What the policies of a role or a user name that AWS does not have. Only the owner of the data folder may ask. */
export async function noteUnknownActions(invoked: Invoked, kind: 'role' | 'user', name: string): Promise<void> {
  if (!(await runningPlatform(invoked.dataDir))) return
  const answer = await adminFetch(invoked, `unknown-actions/${encodeURIComponent(`${kind}/${name}`)}`)
  const found = (await answer.json()) as { action: string; nearest: string }[]
  for (const { action, nearest } of found) invoked.out.note(`AWS has no action ${action}; the nearest is ${nearest}. It allows nothing.`)
}
