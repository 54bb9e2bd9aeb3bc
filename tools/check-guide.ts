// The pages of docs/guide as something to be tried: their fenced blocks, with what each is marked for.
// A block is marked on its fence, after the language, where readers of the page do not see it:
//   sh run [needs=TOOL,TOOL] [exit=N]   runs against a platform, in order, and must exit 0 (or N)
//   text expect                         each line stands, in this order, in the output of the run before; … stands for anything
//   ts|js|python check                  must compile; json check must parse
//   any [file=PATH]                     is saved under this path before the next run
// Everything else is only read.

type Purpose = 'run' | 'expect' | 'check' | 'read'

export interface Block {
  page: string
  /** Of the fence. */
  line: number
  language: string
  purpose: Purpose
  file: string | undefined
  needs: readonly string[]
  exit: number
  text: string
}

const languagesOf: Readonly<Partial<Record<Purpose, readonly string[]>>> = {
  run: ['sh'],
  expect: ['text'],
  check: ['ts', 'js', 'python', 'json'],
}

/** Throws on a mark that it does not know: a block with a typing error would never be tried, and nobody would see it. */
export function blocksOf(page: string, text: string): Block[] {
  const blocks: Block[] = []
  let open: { block: Block; fence: string; lines: string[] } | undefined
  for (const [index, line] of text.split('\n').entries()) {
    const [, fence = '', info = ''] = /^(`{3,})(.*)$/.exec(line) ?? []
    if (!open && fence !== '') {
      open = { block: blockOf(page, index + 1, info.trim()), fence, lines: [] }
    } else if (open && fence === open.fence && info.trim() === '') {
      blocks.push({ ...open.block, text: open.lines.join('\n') })
      open = undefined
    } else open?.lines.push(line)
  }
  if (open) throw new Error(`${page}:${open.block.line}: the block is never closed`)
  return blocks
}

function blockOf(page: string, line: number, info: string): Block {
  const [language = '', ...marks] = info.split(/\s+/)
  const block: Block = { page, line, language, purpose: 'read', file: undefined, needs: [], exit: 0, text: '' }
  const wrong = (what: string) => new Error(`${page}:${line}: ${what}`)
  for (const mark of marks) {
    const [name = '', value = ''] = mark.split('=')
    if (mark === 'run' || mark === 'expect' || mark === 'check') block.purpose = mark
    else if (name === 'file' && value !== '') block.file = value
    else if (name === 'needs' && value !== '') block.needs = value.split(',')
    else if (name === 'exit' && /^[0-9]+$/.test(value)) block.exit = Number(value)
    else throw wrong(`the mark "${mark}" is not known`)
  }
  const allowed = languagesOf[block.purpose]
  if (allowed && !allowed.includes(language)) throw wrong(`"${block.purpose}" is for ${allowed.join(', ')}, not for "${language}"`)
  return block
}

/** The first line of `expected` that is not in `output` after the lines before it; `undefined` when all are. */
export function firstMissing(expected: string, output: string): string | undefined {
  const lines = output.split('\n')
  let from = 0
  for (const wanted of expected.split('\n').filter((line) => line.trim() !== '')) {
    const pattern = new RegExp(wanted.trim().split('…').map(escaped).join('.*'))
    const at = lines.findIndex((line, index) => index >= from && pattern.test(line))
    if (at < 0) return wanted
    from = at
  }
  return undefined
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

export interface NamedCommand {
  at: string
  /** `['sessions', 'list']`; words that only look like a second noun are for the caller to judge. */
  words: readonly string[]
  options: readonly string[]
}

/** Every call of the command line that a page shows in a fenced block. */
export function commandsIn(blocks: readonly Block[]): NamedCommand[] {
  return blocks
    .filter(({ language }) => ['sh', 'console'].includes(language))
    .flatMap(({ page, line, text }) =>
      text
        .replaceAll('\\\n', ' ')
        .split('\n')
        .flatMap((code, index) => {
          const at = `${page}:${line + 1 + index}`
          return [...code.matchAll(/\bagentworks ((?:[a-z][a-z0-9-]*\b ?)+)([^|;&#)]*)/g)].map(([, words = '', rest = '']) => ({
            at,
            words: words.trim().split(' '),
            options: [...rest.matchAll(/(?<=^|\s)--[a-z-]+/g)].map(([option]) => option),
          }))
        }),
    )
}
