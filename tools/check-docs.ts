// Documents that lie: links that lead nowhere, commands that do not exist.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { report, repositoryRoot, type SourceFile, sourceFiles } from './source-files.ts'

const linkPattern = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g
const codePattern = /^( *)(```|~~~)[\s\S]*?^\1\2[^\n]*$|`[^`\n]*`/gm
const npmRunPattern = /npm run ([a-z0-9:-]+)/g

export function docFaults(
  docs: readonly SourceFile[],
  scripts: ReadonlySet<string>,
  exists: (path: string) => boolean,
): { faults: string[]; seen: number } {
  const faults: string[] = []
  let seen = 0
  for (const { path, text } of docs) {
    for (const [, target = ''] of text.replace(codePattern, '').matchAll(linkPattern)) {
      seen++
      if (isElsewhere(target)) continue
      const [file = ''] = target.split('#')
      if (file !== '' && !exists(join(dirname(path), decodeURIComponent(file)))) faults.push(`${path}: the link ${target} leads nowhere`)
    }
    for (const [, script = ''] of text.matchAll(npmRunPattern)) {
      seen++
      if (!scripts.has(script)) faults.push(`${path}: 'npm run ${script}' is not in package.json`)
    }
  }
  return { faults, seen }
}

function isElsewhere(target: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(target)
}

if (import.meta.main) {
  const docs = sourceFiles(['.md'])
  const { scripts = {} } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { scripts?: Record<string, string> }
  const { faults, seen } = docFaults(docs, new Set(Object.keys(scripts)), (path) => existsSync(join(repositoryRoot, path)))
  report('check-docs', `${docs.length} documents, ${seen} links and commands`, docs.length, faults)
}
