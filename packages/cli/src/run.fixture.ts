// Runs the command line from its sources, as bin/agentworks.js runs the build.
import { main } from './main.js'

process.exitCode = await main(process.argv.slice(2))
