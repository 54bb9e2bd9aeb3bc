// Rounds of load on several targets in turn, so that what else the machine does falls on all of them alike.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Outcome, Plan } from './load-process.ts'
import { benchFile, ended } from './processes.ts'
import { median } from './statistics.ts'

export interface Target {
  at: Plan['at']
  request: Buffer
}

export interface Rounds {
  rounds: number
  connections: number
  ms: number
  /** Only where the generator has a core for itself. */
  awake?: boolean
}

export type Load = <Name extends string>(targets: Readonly<Record<Name, Target>>, rounds: Rounds) => Promise<Record<Name, Outcome>>

/** One load process for the whole run; `work` gets the function that uses it. */
export async function withLoad<Result>(work: (load: Load) => Promise<Result>): Promise<Result> {
  const child = fork(benchFile('load-process.ts'))
  try {
    return await work((targets, rounds) => inTurn(child, targets, rounds))
  } finally {
    await ended(child, 'SIGTERM')
  }
}

async function inTurn<Name extends string>(
  child: ChildProcess,
  targets: Readonly<Record<Name, Target>>,
  { rounds, connections, ms, awake = false }: Rounds,
) {
  const names = Object.keys(targets) as Name[]
  const outcomes = new Map<Name, Outcome[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const outcome = await send(child, { at: targets[name].at, request: targets[name].request.toString('base64'), connections, ms, awake })
      if (outcome.failure !== undefined)
        throw new Error(`${name} (${targets[name].request.toString('latin1', 0, 60)}) did not answer as it should: ${outcome.failure}`)
      // The first round warms the compilers up.
      if (round > 0) outcomes.get(name)?.push(outcome)
    }
  }
  return Object.fromEntries(names.map((name) => [name, medians(outcomes.get(name) ?? [])])) as Record<Name, Outcome>
}

async function send(child: ChildProcess, plan: Plan): Promise<Outcome> {
  child.send(plan)
  const [outcome] = await once(child, 'message')
  return outcome as Outcome
}

function medians(outcomes: readonly Outcome[]): Outcome {
  const of = (read: (outcome: Outcome) => number) => median(outcomes.map(read))
  return { perSecond: of((one) => one.perSecond), p50Ms: of((one) => one.p50Ms), p99Ms: of((one) => one.p99Ms) }
}

export const atUrl = ({ hostname, port }: URL) => ({ host: hostname, port: Number(port) })
