// Two facts that stand only in the clients' typings: which errors an operation throws, and which lists have a paginator.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { isClientBase } from './clients.ts'

const require = createRequire(import.meta.url)

export function declaredErrors(packageName: string, operation: string): string[] {
  const text = readFileSync(join(typesOf(packageName), 'commands', `${operation}Command.d.ts`), 'utf8')
  const thrown = [...text.matchAll(/@throws \{@link (\w+)\}/g)].map(([, name]) => name as string)
  if (thrown.length === 0) throw new Error(`${operation} declares no errors: have the typings changed form?`)
  return thrown.filter((name) => !isClientBase(name))
}

export function hasPaginator(packageName: string, operation: string): boolean {
  return existsSync(join(typesOf(packageName), 'pagination', `${operation}Paginator.d.ts`))
}

function typesOf(packageName: string): string {
  return join(dirname(require.resolve(`@aws-sdk/${packageName}/package.json`)), 'dist-types')
}
