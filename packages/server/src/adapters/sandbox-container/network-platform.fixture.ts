// A platform for containers in a network of the test's own; their engine stands outside. Reads a session to run from each line of
// standard input, and prints how it went. Arguments: RUNTIME_DIR, DOCKER_HOST.
import { hostEgress } from '#adapters/egress/host-egress.js'
import { serveSessions } from '#adapters/sandbox-bubblewrap/serve-sessions.fixture.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { hostEngine } from './host-engine.js'
import { containerSandbox } from './sandbox.js'

const [runtimeDir = '', socket = ''] = process.argv.slice(2)
const world = { clock: systemClock, ids: randomIds }
const settings = { refused: { ipv4: ['203.0.113.66/32'], ipv6: ['2001:db8:2::66/128'] }, resolvers: ['10.1.2.3'] }
const egress = hostEgress({ ...world, settings })
await egress.missing()
await serveSessions(containerSandbox({ ...world, runtimeDir, egress, host: hostEngine({ DOCKER_HOST: socket }) }))
await egress.close()
process.exit()
