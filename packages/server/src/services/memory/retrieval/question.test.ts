// What a question is read as: words in one form, and the time that it names.
import { describe, expect, it } from 'vitest'
import { periodIn } from './periods.js'
import { readQuestion } from './question.js'
import { stemOf } from './stem.js'
import { termsOf } from './words.js'

describe('words', () => {
  it.each([
    ['painted painting paints painter', ['paint', 'paint', 'paint', 'painter']],
    ["Ada's caf\u00e9, isn't it?", ['ada', 'cafe', 'isnt', 'it']],
    ['ＦＵＬＬ ｗｉｄｔｈ', ['full', 'width']],
    ['京都へ', ['京都', '都へ']],
    ['水', ['水']],
    ['iPhone15を買う', ['iphone15', 'を買', '買う']],
    ['naïve Übung', ['naiv', 'ubung']],
    ['Привет, мир', ['привет', 'мир']],
    ['हिन्दी', ['हिन्दी']],
    ['🦀 \0 "* -" \ud800', []],
  ])('of %j are %j', (text, terms) => {
    expect(termsOf(text)).toEqual(terms)
  })

  // From Porter's paper, each for one of its steps.
  it.each(
    Object.entries({
      caresses: 'caress',
      ponies: 'poni',
      feed: 'feed',
      agreed: 'agre',
      plastered: 'plaster',
      sing: 'sing',
      conflated: 'conflat',
      hopping: 'hop',
      filing: 'file',
      happy: 'happi',
      relational: 'relat',
      formalize: 'formal',
      adjustment: 'adjust',
      adoption: 'adopt',
      controlling: 'control',
      rate: 'rate',
      cease: 'ceas',
      yes: 'ye',
    }),
  )('%s has the stem %s', (word, stem) => {
    expect(stemOf(word)).toBe(stem)
  })
})

describe('a question', () => {
  const now = Date.parse('2026-04-15T12:00:00Z')
  const days = (from: string, until: string) => ({ from: Date.parse(`${from}T00:00:00Z`), until: Date.parse(`${until}T00:00:00Z`) })

  it.each([
    ['What was on 2026-03-09?', days('2026-03-09', '2026-03-10')],
    ['What was on March 9th, 2025?', days('2025-03-09', '2025-03-10')],
    ['Was it the 9 of March 2025', days('2025-03-09', '2025-03-10')],
    ['And in Sept. 2025?', days('2025-09-01', '2025-10-01')],
    ['What happened on May 3?', days('2025-05-03', '2025-05-04')],
    ['What happened in February?', days('2026-02-01', '2026-03-01')],
    ['Who left in 2024?', days('2024-01-01', '2025-01-01')],
    ['What did I do yesterday?', days('2026-04-14', '2026-04-15')],
    ['Who came last month?', days('2026-03-01', '2026-04-01')],
    ['Was it on February 31, 2026?', undefined],
    ['May I march in?', undefined],
    ['Call 12 marchers', undefined],
  ])('%s names %o', (text, period) => {
    expect(periodIn(text, now)).toEqual(period)
  })

  it('keeps what it is about, and is asked whole where it is made of nothing else', () => {
    expect(readQuestion('What did you say about the paintings?', now).terms).toEqual(['paint'])
    expect(readQuestion('Who is it?', now).terms).toEqual(['who', 'is', 'it'])
    expect(readQuestion(Array.from({ length: 500 }, (_, n) => `w${n}`).join(' '), now).terms).toHaveLength(64)
  })
})
