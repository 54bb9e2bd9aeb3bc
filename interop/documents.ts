// The mission documents' own code, taken out of them as it stands there. They are not ours to keep a copy of, so they lie beside this repository.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { NotToBeHad } from './results.ts'

const folder = process.env.AGENTWORKS_DOCUMENTS ?? join(import.meta.dirname, '../../shared/mission')

/** The fenced block of a document that has all of these words in it. */
export function codeOf(document: string, ...words: string[]): string {
  const path = join(folder, document)
  if (!existsSync(path)) throw new NotToBeHad(`${document} is not beside this repository; AGENTWORKS_DOCUMENTS names its folder`)
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^```python\n(.*?)^```$/gms)].map(([, code = '']) => code)
  const found = blocks.filter((code) => words.every((word) => code.includes(word)))
  const [only] = found
  if (found.length !== 1 || only === undefined) throw new Error(`${found.length} blocks of ${document} hold ${words.join(' and ')}`)
  return only
}
