// What the command line may use of the server.
export { ConfigError } from './config.js'
export { type DoctorReport, doctor } from './doctor.js'
export { type Platform, type StartOptions, startPlatform } from './main.js'
