// Names say what is inside: kebab-case, and no drawers.
import { report, sourceFiles } from './source-files.ts'

const drawers = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'types', 'manager', 'managers', 'misc', 'shared', 'impl'])
const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/

export function nameFaults(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const names = path.split('/').map((part) => part.replace(/\..*$/, ''))
    const drawer = names.find((name) => drawers.has(name))
    if (drawer) return [`${path}: '${drawer}' says nothing; name what is inside`]
    return kebabCase.test(names.at(-1) ?? '') ? [] : [`${path}: file names are kebab-case`]
  })
}

if (import.meta.main) {
  const paths = sourceFiles(['.ts']).map((file) => file.path)
  report('check-names', `${paths.length} files`, paths.length, nameFaults(paths))
}
