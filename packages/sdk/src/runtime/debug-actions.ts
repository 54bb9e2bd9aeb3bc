// Looks at and changes the ping status from outside, in the body of an invocation. Only in an app made with `debug: true`.
import { HttpError } from './http-error.js'
import type { pingState } from './ping.js'

/** The key and the answers are the Python SDK's, so that scripts written for it go on working. */
const actionKey = '_agent_core_app_action'

type Ping = ReturnType<typeof pingState>

const actions: Readonly<Record<string, (ping: Ping) => unknown>> = {
  ping_status: (ping) => ping.answer(),
  job_status: (ping) => {
    const { activeCount, runningJobs } = ping.info()
    return { active_count: activeCount, running_jobs: runningJobs }
  },
  force_healthy: (ping) => forced(ping, 'Healthy'),
  force_busy: (ping) => forced(ping, 'HealthyBusy'),
  clear_forced_status: (ping) => {
    ping.force(undefined)
    return { forced_status: 'Cleared' }
  },
}

/** The action that a payload asks for; `undefined` when it is an ordinary payload. Throws 400 for one that there is not. */
export function debugAction(payload: unknown): ((ping: Ping) => unknown) | undefined {
  if (typeof payload !== 'object' || payload === null || !(actionKey in payload)) return undefined
  const name = String(payload[actionKey])
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (!action) throw new HttpError(400, `Unknown action: ${name}`, { details: `${actionKey} is one of ${Object.keys(actions).join(', ')}` })
  return action
}

function forced(ping: Ping, status: 'Healthy' | 'HealthyBusy') {
  ping.force(status)
  return { forced_status: status }
}
