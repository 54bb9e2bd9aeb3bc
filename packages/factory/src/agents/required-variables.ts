// Environment of an agent, read once at its start. A setting that cannot act stops the start, by name.

export type Environment = Readonly<Record<string, string | undefined>>

/** A setting that this agent cannot honour; the text is the last line of its log. */
export class UnusableSetting extends Error {
  override readonly name = 'UnusableSetting'

  constructor(variable: string, problem: string) {
    super(`${variable}: ${problem}`)
  }
}

export function required(env: Environment, variable: string): string {
  const value = env[variable]
  if (!value) throw new UnusableSetting(variable, 'is not set')
  return value
}

export function region(env: Environment): string {
  const value = env.AWS_REGION ?? env.AWS_DEFAULT_REGION
  if (!value) throw new UnusableSetting('AWS_REGION', 'is not set')
  return value
}

/** The reason stands alone in the log: node would print the whole bundled line around the place that threw. */
export function startOrExplain(start: () => void): void {
  try {
    start()
  } catch (error) {
    if (!(error instanceof UnusableSetting)) throw error
    process.stderr.write(`cannot start: ${error.message}\n`)
    process.exitCode = 1
  }
}
