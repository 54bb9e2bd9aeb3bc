// A platform in a network of the test's own. Arguments: RUNTIME_DIR.
import { dirname, join } from 'node:path'
import { hostEgress } from '#adapters/egress/host-egress.js'
import { vpcFile } from '#adapters/egress/vpc-file.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { bubblewrapSandbox } from './sandbox.js'
import { serveSessions } from './serve-sessions.fixture.js'

const [runtimeDir = ''] = process.argv.slice(2)
const refused = { ipv4: ['203.0.113.66/32'], ipv6: ['2001:db8:2::66/128'] }
const world = { clock: systemClock, ids: randomIds }
const egress = hostEgress({ ...world, settings: { refused, resolvers: ['10.1.2.3'], vpcMap: vpcFile(join(dirname(runtimeDir), 'vpc.json')) } })
const sandbox = bubblewrapSandbox({ ...world, runtimeDir, egress })
await sandbox.warm()
await serveSessions(sandbox)
await egress.close()
process.exit()
