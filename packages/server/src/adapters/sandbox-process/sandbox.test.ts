import { homedir } from 'node:os'
import { describe } from 'vitest'
import { hostInterpreters } from '#adapters/interpreters.js'
import { systemClock } from '#kernel/clock.js'
import { sandboxContract } from '#ports/sandbox.contract.js'
import { processSandbox } from './sandbox.js'

const interpreters = hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath })

describe('the process sandbox', async () => {
  sandboxContract({
    open: (runtimeDir) => processSandbox({ runtimeDir, clock: systemClock }),
    node: await interpreters.find('NODE_22'),
    python: await interpreters.find('PYTHON_3_11'),
    exceptions: { 'cannot change its code': 'level process has no file boundary' },
    addedVariables: (language) =>
      ['AGENTWORKS_PING_SOCKET', 'HOME', 'LANG', 'PATH', 'TMPDIR', 'TZ'].concat(
        language === 'node' ? ['NODE_OPTIONS'] : ['AGENTWORKS_LISTEN', 'PYTHONPATH', 'PYTHONUNBUFFERED'],
      ),
  })
})
