import { spawn } from 'node:child_process'

/** As well as this machine can; whoever has no browser has been shown the address. */
export function openInBrowser(address: string): void {
  const [command = '', ...args] = process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['explorer'] : ['xdg-open']
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true })
  child.on('error', () => {})
  child.unref()
}
