import { homedir } from 'node:os'
import { describe, it } from 'vitest'
import { hostInterpreters } from '#adapters/interpreters.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { sandboxContract } from '#ports/sandbox.contract.js'
import { bubblewrapAvailable } from './availability.js'
import { bubblewrapSandbox } from './sandbox.js'

const found = await bubblewrapAvailable()
const interpreters = hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath })

describe('the bubblewrap sandbox', async () => {
  if (!found.ok) return it('keeps the contract', ({ skip }) => skip(`${found.reason}; ${found.fix}`))
  sandboxContract({
    open: (runtimeDir) => bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds }),
    node: await interpreters.find('NODE_22'),
    python: await interpreters.find('PYTHON_3_11'),
    addedVariables: (language) => [
      'AGENTWORKS_PING_SOCKET',
      'HOME',
      'LANG',
      'PATH',
      'PWD',
      'TZ',
      ...(language === 'python' ? ['PYTHONUNBUFFERED'] : []),
    ],
  })
})
