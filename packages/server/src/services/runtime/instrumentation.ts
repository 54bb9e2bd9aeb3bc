// An entryPoint that begins with opentelemetry-instrument: the program starts with the OpenTelemetry that its own package holds.
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

const instrumenter = 'opentelemetry-instrument'
const loader = 'opentelemetry/instrumentation/auto_instrumentation/sitecustomize.py'

export const isInstrumented = (entryPoint: readonly string[]): boolean => entryPoint[0] === instrumenter

/** The file that starts the agent, without what comes before it. */
export const programOf = (entryPoint: readonly string[]): string[] => (isInstrumented(entryPoint) ? entryPoint.slice(1) : [...entryPoint])

/** Why a package cannot be instrumented; undefined when it can. */
export async function instrumentationMissing(codeDir: string, entryPoint: readonly string[]): Promise<string | undefined> {
  if (!isInstrumented(entryPoint)) return undefined
  const found = await stat(join(codeDir, loader)).catch(() => undefined)
  return found?.isFile()
    ? undefined
    : `The package has no OpenTelemetry, which entryPoint begins with. Add aws-opentelemetry-distro (or opentelemetry-distro) to its dependencies, or name the file alone.`
}

// What the command of that name does, which has the path of the machine that packed it in its first line. Whatever is on Python's path
// already stays before OpenTelemetry's start file: at level process that is ours, which runs the next one of its name.
const start = `import os, sys
from importlib.util import find_spec
folder = os.path.dirname(find_spec("opentelemetry.instrumentation.auto_instrumentation").origin)
before = [part for part in os.environ.get("PYTHONPATH", "").split(os.pathsep) if part]
os.environ["PYTHONPATH"] = os.pathsep.join([*before, folder, os.getcwd()])
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])`

/** What the interpreter is given. */
export const interpreterArguments = (entryPoint: readonly string[]): string[] =>
  isInstrumented(entryPoint) ? ['-c', start, ...programOf(entryPoint)] : [...entryPoint]

/**
 * The exporters' own default is a collector on this loopback, where nobody listens: each signal without an address of its own is
 * not sent, in place of an error every few seconds.
 */
export function exporterDefaults(entryPoint: readonly string[], own: Readonly<Record<string, string>>): Record<string, string> {
  if (!isInstrumented(entryPoint) || own.OTEL_EXPORTER_OTLP_ENDPOINT) return {}
  const silent = ['TRACES', 'METRICS', 'LOGS'].filter((signal) => !own[`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`])
  return Object.fromEntries(silent.map((signal) => [`OTEL_${signal}_EXPORTER`, 'none']))
}

export const nowhereNote =
  'opentelemetry-instrument: this runtime names no collector, so what is recorded is not sent. Set OTEL_EXPORTER_OTLP_ENDPOINT, or OTEL_TRACES_EXPORTER=console to see spans here.'
