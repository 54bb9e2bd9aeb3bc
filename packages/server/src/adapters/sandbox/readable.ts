// Folders and files that the session's own user must get at. The platform's umask closes whatever it makes, so the mode is set after.
import { chmod, mkdir, writeFile } from 'node:fs/promises'

export async function makeFolder(path: string, mode: number): Promise<void> {
  await mkdir(path, { recursive: true })
  await chmod(path, mode)
}

export async function writeReadable(path: string, text: string): Promise<void> {
  await writeFile(path, text)
  await chmod(path, 0o644)
}
