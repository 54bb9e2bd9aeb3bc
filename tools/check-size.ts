// Files stay small: most fit on two screens, none passes the limit. Generated ones are not counted.
import { report, type SourceFile, sourceFiles } from './source-files.ts'

const limit = 400

export interface Sizes {
  faults: string[]
  median: number
  p90: number
  longest: string
}

export function sizes(files: readonly SourceFile[]): Sizes {
  const lines = files.map(({ path, text }) => ({ path, count: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }))
  lines.sort((a, b) => a.count - b.count)
  const at = (share: number) => lines[Math.floor((lines.length - 1) * share)]?.count ?? 0
  const longest = lines.at(-1)
  return {
    faults: lines
      .filter(({ count }) => count > limit)
      .map(({ path, count }) => `${path} has ${count} lines, the limit is ${limit}: it is two things`),
    median: at(0.5),
    p90: at(0.9),
    longest: longest ? `${longest.path} (${longest.count})` : 'none',
  }
}

if (import.meta.main) {
  const files = sourceFiles(['.ts', '.js', '.mjs', '.py', '.sh', '.css']).filter(({ path }) => !path.includes('/testdata/'))
  const { faults, median, p90, longest } = sizes(files)
  report('check-size', `${files.length} files, median ${median} lines, p90 ${p90}, longest ${longest}`, files.length, faults)
}
