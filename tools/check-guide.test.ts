import { describe, expect, it } from 'vitest'
import { blocksOf, commandsIn, firstMissing } from './check-guide.ts'

const page = (...lines: string[]) => lines.join('\n')

describe('blocks of a guide page', () => {
  it('know what they are marked for, and where they stand', () => {
    const blocks = blocksOf('a.md', page('# Title', '```sh run needs=aws,curl exit=2', 'one', '', 'two', '```', '```json file=a/b.json', '{}', '```'))
    expect(blocks).toEqual([
      { page: 'a.md', line: 2, language: 'sh', purpose: 'run', file: undefined, needs: ['aws', 'curl'], exit: 2, text: 'one\n\ntwo' },
      { page: 'a.md', line: 7, language: 'json', purpose: 'read', file: 'a/b.json', needs: [], exit: 0, text: '{}' },
    ])
  })

  it('with a mark that nobody knows are refused: they would never be tried', () => {
    expect(() => blocksOf('a.md', page('```sh runn', 'x', '```'))).toThrow('a.md:1: the mark "runn" is not known')
    expect(() => blocksOf('a.md', page('```python run', 'x', '```'))).toThrow('"run" is for sh')
    expect(() => blocksOf('a.md', page('```sh run', 'x'))).toThrow('never closed')
  })
})

describe('expected lines', () => {
  it('stand in the output in their order, with anything at an ellipsis', () => {
    expect(firstMissing('one …\nthree', 'one two\nthree four')).toBeUndefined()
    expect(firstMissing('created hello, version …: arn', 'created hello, version 1: arn:aws')).toBeUndefined()
  })

  it('that are missing, or come too early, are named', () => {
    expect(firstMissing('one\nfour', 'one\ntwo')).toBe('four')
    expect(firstMissing('two\none', 'one\ntwo')).toBe('one')
    expect(firstMissing('a.c', 'abc')).toBe('a.c')
  })
})

it('commands are found with their options, in substitutions and pipes too', () => {
  const blocks = blocksOf(
    'a.md',
    page('```sh', 'eval "$(npx agentworks env)"', 'echo hi | npx agentworks chat builder --session x # --not-this', '```'),
  )
  expect(commandsIn(blocks)).toEqual([
    { at: 'a.md:2', words: ['env'], options: [] },
    { at: 'a.md:3', words: ['chat', 'builder'], options: ['--session'] },
  ])
})
