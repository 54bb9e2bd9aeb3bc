// The mind that needs no model: rules over plain statements. What it learns it finds in the words themselves; it infers nothing.
import type { StoredRecord } from '#ports/memory-records.js'
import type { Candidate, Decision, Mind } from '#services/memory/extraction/mind.js'
import { statementIn } from '#services/memory/extraction/record-texts.js'
import { xmlText } from '#services/memory/extraction/xml.js'
import { endedEpisode, episodeText } from './episodes.js'
import { metadataIn } from './metadata.js'
import { categoriesOf, isPreference } from './preferences.js'
import { plainWords } from './sentences.js'
import { slotOf } from './slots.js'
import { statementsOf } from './statements.js'
import { summaryWith } from './summary.js'
import { inThirdPerson } from './third-person.js'

const confidenceOfRules = 0.3

export const offlineMind: Mind = {
  name: 'offline rules (no model)',

  async extract(kind, { turns, inferred }) {
    return statementsOf(turns).flatMap(({ said, role, at }): Candidate[] => {
      const statement = role === 'USER' ? inThirdPerson(said) : said
      const metadata = metadataIn(said, inferred)
      if (kind === 'SEMANTIC') return [{ text: JSON.stringify({ fact: statement }), at, metadata }]
      if (role !== 'USER' || !isPreference(said)) return []
      const text = JSON.stringify({ context: `The user said: "${said}"`, preference: statement, categories: categoriesOf(said) })
      return [{ text, at, metadata }]
    })
  },

  async consolidate(_kind, candidate, similar): Promise<Decision> {
    const statement = statementIn(candidate.text)
    const words = plainWords(statement).join(' ')
    if (similar.some(({ text }) => plainWords(statementIn(text)).join(' ') === words)) return { operation: 'SkipMemory' }
    const slot = slotOf(statement)
    const rival = slot && similar.find(({ text }) => slotOf(statementIn(text))?.about === slot.about)
    if (!rival) return { operation: 'AddMemory' }
    return slotOf(statementIn(rival.text))?.says === slot.says ? { operation: 'SkipMemory' } : { operation: 'UpdateMemory', recordId: rival.recordId }
  },

  async summarize({ turns, inferred }, before) {
    const text = summaryWith(before, turns)
    return { text, at: Math.max(0, ...turns.map(({ at }) => at)), metadata: metadataIn(text, inferred) }
  },

  async episode({ turns, history, inferred }) {
    const ended = endedEpisode(history, turns)
    if (!ended) return undefined
    const text = episodeText(ended)
    return { text, at: ended.at(-1)?.at ?? 0, metadata: metadataIn(text, inferred) }
  },

  async reflect(episode, before) {
    const intent = /<intent>([\s\S]*?)<\/intent>/.exec(episode.text)?.[1] ?? ''
    const failed = episode.text.includes('<assessment>Partially')
    const known = sameTitle(before, intent)
    if (known) return []
    const hint = failed ? 'Something failed on the way the last time; look at the episode before trying again.' : 'The way of the episode led there.'
    const text = [
      `<reflection><title>${intent}</title>`,
      `<use_cases>${xmlText('When somebody asks for the same:')} ${intent}</use_cases>`,
      `<hints>${hint}</hints><confidence>${confidenceOfRules}</confidence></reflection>`,
    ]
    return [{ text: text.join('\n') }]
  },
}

const sameTitle = (before: readonly StoredRecord[], title: string) => before.find(({ text }) => text.includes(`<title>${title}</title>`))
