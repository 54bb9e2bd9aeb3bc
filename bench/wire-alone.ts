// The platform's front door with everything that every request passes, in front of a CreateEvent that answers at once: what the
// wire alone costs for a body that has much to check. CreateEvent itself does not execute yet.
import { join } from 'node:path'
import { bedrockAgentCore } from '@agentworks/model'
import { aesSealer } from '../packages/server/dist/adapters/sealer/aes.js'
import { sqliteStore } from '../packages/server/dist/adapters/sqlite/store.js'
import { fileAudit } from '../packages/server/dist/adapters/telemetry/file-audit.js'
import { recentTrace } from '../packages/server/dist/adapters/telemetry/recent-trace.js'
import { stderrLog } from '../packages/server/dist/adapters/telemetry/stderr-log.js'
import { systemClock } from '../packages/server/dist/kernel/clock.js'
import { randomIds } from '../packages/server/dist/kernel/ids.js'
import { openCallers } from '../packages/server/dist/services/identity/index.js'
import { allowedHosts } from '../packages/server/dist/wire/allowed-hosts.js'
import { bodyBudget } from '../packages/server/dist/wire/body-budget.js'
import { frontDoor } from '../packages/server/dist/wire/front.js'
import { restJson } from '../packages/server/dist/wire/rest-json/index.js'
import { wireServer } from '../packages/server/dist/wire/server.js'
import { signatureVerifier } from '../packages/server/dist/wire/sigv4.js'
import { fileSpool } from '../packages/server/dist/wire/spool.js'

const [dir = '', root = '{}'] = [process.env.BENCH_DIR, process.env.BENCH_KEY]
const clock = systemClock
const { keys, authorizer } = await openCallers({
  root: JSON.parse(root),
  account: '000000000000',
  store: sqliteStore(join(dir, 'callers')),
  sealer: aesSealer(Buffer.alloc(32, 7)),
  clock,
  ids: randomIds,
})
const operations = { CreateEvent: async (_context: object, input: object) => ({ event: { ...input, eventId: '0000001763671200000#12345678' } }) }
const protocol = restJson(bedrockAgentCore, operations)
const server = wireServer(
  frontDoor(
    {
      protocols: { of: () => protocol, fallback: protocol },
      signatures: signatureVerifier({ keys, clock }),
      bearers: { authenticate: () => Promise.reject(new Error('every request of this bench is signed')) },
      budget: bodyBudget(),
      spool: fileSpool({ dir: join(dir, 'spool'), ids: randomIds }),
      authorizer,
      trace: recentTrace({ clock }),
      audit: fileAudit(join(dir, 'audit.jsonl'), { clock }),
      log: stderrLog({ clock }),
      clock,
      allowedHosts: allowedHosts([]),
    },
    [],
    new AbortController().signal,
  ),
)
const { port } = await server.listenOnPort('127.0.0.1', 0)
console.log(`ready on http://127.0.0.1:${port}`)
