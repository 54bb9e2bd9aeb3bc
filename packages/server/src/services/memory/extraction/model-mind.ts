// The mind that is a model: AWS's steps with our instructions, or the customer's by an override.
import type { MetadataSchemaEntry } from '@agentworks/model'
import type { StoredRecord } from '#ports/memory-records.js'
import type { Candidate, Decision, Learned, Mind, Reflection } from './mind.js'
import { checkedRecordText, metadataOf, nonsense, objectIn, objectsIn, textOf } from './model-answers.js'
import { answerForms, conversation, instructionOf, instructions, recordsAsked, systemPrompt } from './prompts.js'
import { xmlAttribute, xmlText } from './xml.js'

/** The customer's words and model for one step; absent ones are ours. */
export interface StepOverride {
  appendToPrompt?: string
  modelId?: string
}

export interface Overrides {
  extraction?: StepOverride
  consolidation?: StepOverride
  reflection?: StepOverride
}

/** One question to a model. Rejects with ServiceError. */
export type Ask = (question: { modelId: string | undefined; system: string; prompt: string }) => Promise<string>

export function modelMind(name: string, ask: Ask, { extraction = {}, consolidation = {}, reflection = {} }: Overrides): Mind {
  const question = (step: StepOverride, instruction: string, form: string, prompt: string, entries?: readonly MetadataSchemaEntry[]) =>
    ask({ modelId: step.modelId, system: systemPrompt(step.appendToPrompt ?? instruction, form, entries), prompt })

  return {
    name,

    async extract(kind, { turns, history, inferred }) {
      const answer = await question(extraction, instructionOf(kind, 'extract'), answerForms[kind], conversation(history, turns), inferred)
      const at = latest(turns)
      return objectsIn(answer).map((fields): Candidate => ({ text: recordText(kind, fields), at, metadata: metadataOf(fields, inferred) }))
    },

    async consolidate(kind, candidate, similar): Promise<Decision> {
      if (similar.length === 0) return { operation: 'AddMemory' }
      const prompt = `The new memory, of ${new Date(candidate.at).toISOString()}:\n${candidate.text}\n\nSimilar known records:\n${recordsAsked(similar)}`
      const answer = objectIn(await question(consolidation, instructionOf(kind, 'consolidate'), answerForms.decision, prompt))
      const { operation } = answer
      if (operation === 'AddMemory' || operation === 'SkipMemory') return { operation }
      if (operation !== 'UpdateMemory') throw nonsense(`it decides "${String(operation).slice(0, 40)}"`)
      const recordId = similar.find((known) => known.recordId === answer.recordId)?.recordId
      if (recordId === undefined) throw nonsense('it updates a record that it was not shown')
      const memory = answer.memory
      const text = typeof memory === 'object' && memory !== null ? recordText(kind, memory as Record<string, unknown>) : undefined
      return { operation, recordId, ...(text !== undefined && { text }) }
    },

    async summarize({ turns, history, inferred }, before) {
      const prompt = `The summary so far:\n${before || '(none)'}\n\n${conversation(history, turns)}`
      const answer = objectIn(await question(consolidation, instructions.SUMMARIZATION.consolidate, answerForms.summary, prompt, inferred))
      if (!Array.isArray(answer.summary) || answer.summary.length === 0) throw nonsense('"summary" is no list of topics')
      const topics = answer.summary.map((one: unknown) => {
        const fields = typeof one === 'object' && one !== null ? (one as Record<string, unknown>) : {}
        return `<topic name="${xmlAttribute(textOf(fields, 'topic'))}">\n${xmlText(textOf(fields, 'text'))}\n</topic>`
      })
      return { text: topics.join('\n'), at: latest(turns), metadata: metadataOf(answer, inferred) }
    },

    async episode({ turns, history, inferred }) {
      const answer = objectIn(await question(extraction, instructions.EPISODIC.extract, answerForms.episode, conversation(history, turns), inferred))
      if (answer.complete === false) return undefined
      return { text: checkedRecordText(episodeText(answer)), at: latest(turns), metadata: metadataOf(answer, inferred) }
    },

    async reflect(episode, before) {
      const prompt = `The episode:\n${episode.text}\n\nKnown reflections:\n${recordsAsked(before)}`
      const answer = await question(reflection, instructions.EPISODIC.reflect, answerForms.reflections, prompt)
      return objectsIn(answer).map((fields) => reflectionOf(fields, before))
    },
  }
}

const latest = (turns: readonly { at: number }[]) => Math.max(0, ...turns.map(({ at }) => at))

function recordText(kind: Learned, fields: Readonly<Record<string, unknown>>): string {
  if (kind === 'SEMANTIC') return checkedRecordText(JSON.stringify({ fact: textOf(fields, 'fact') }))
  const categories = Array.isArray(fields.categories) ? fields.categories.filter((one) => typeof one === 'string') : []
  const context = typeof fields.context === 'string' ? fields.context : ''
  return checkedRecordText(JSON.stringify({ context, preference: textOf(fields, 'preference'), categories }))
}

const element = (name: string, value: string) => `<${name}>${xmlText(value)}</${name}>`

function episodeText(fields: Readonly<Record<string, unknown>>): string {
  const parts = ['situation', 'intent', 'assessment', 'justification', 'reflection'].map((name) => element(name, textOf(fields, name)))
  const turns = (Array.isArray(fields.turns) ? fields.turns : []).map((turn: unknown) => {
    const all = Object.entries(typeof turn === 'object' && turn !== null ? turn : {})
    const known = all.filter(([name]) => ['situation', 'intent', 'action', 'thought', 'assessment'].includes(name))
    return `<turn>${known.map(([name, value]) => element(name, String(value))).join('')}</turn>`
  })
  return ['<episode>', ...parts, `<turns>${turns.join('')}</turns>`, '</episode>'].join('\n')
}

function reflectionOf(fields: Readonly<Record<string, unknown>>, before: readonly StoredRecord[]): Reflection {
  const confidence = Number(fields.confidence)
  if (!(confidence >= 0.1 && confidence <= 1)) throw nonsense('the confidence of a reflection is not from 0.1 to 1')
  const parts = ['title', 'use_cases', 'hints'].map((name) => element(name, textOf(fields, name)))
  const text = checkedRecordText(`<reflection>\n${[...parts, element('confidence', String(confidence))].join('\n')}\n</reflection>`)
  if (fields.operator !== 'update') return { text }
  const known = before.find(({ recordId }) => recordId === fields.recordId)
  if (!known) throw nonsense('it updates a reflection that it was not shown')
  return { recordId: known.recordId, text }
}
