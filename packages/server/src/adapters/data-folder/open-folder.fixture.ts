// A child of the lock's tests: opens the folder, says how that went, and stays until it is killed.
import { systemClock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { openDataFolder } from './data-folder.js'

try {
  openDataFolder(process.argv[2] ?? '', { clock: systemClock, ids: randomIds })
  console.log('open')
} catch (error) {
  console.log(error instanceof PortError ? error.code : String(error))
}
process.stdin.resume()
