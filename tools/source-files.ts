// What the checks look at: the files that people write, wherever they are run from.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

export const repositoryRoot = join(import.meta.dirname, '..')

export interface SourceFile {
  /** Relative to the repository, with `/`. */
  path: string
  text: string
}

/** Never looked into: installed, built, generated, or another tool's. */
const passedOver = new Set(['node_modules', 'dist', '.git', 'generated', 'sources', 'coverage', '.venv', '__pycache__'])

export function sourceFiles(extensions: readonly string[], root = repositoryRoot): SourceFile[] {
  const found: SourceFile[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !passedOver.has(entry.name)) walk(path)
      if (entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension))) {
        found.push({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') })
      }
    }
  }
  walk(root)
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Tests, contracts and fixtures use the real thing of any room; they are never shipped. */
export function isTest(path: string): boolean {
  return /\.(test|contract|fixture)\.ts$/.test(path)
}

/** A check that saw nothing has checked nothing. */
export function report(check: string, seen: string, count: number, faults: readonly string[]): void {
  for (const fault of faults) console.error(`${check}: ${fault}`)
  if (count === 0) console.error(`${check}: saw no files at all`)
  console.log(`${check}: ${seen}; ${faults.length} faults`)
  if (faults.length > 0 || count === 0) process.exitCode = 1
}
