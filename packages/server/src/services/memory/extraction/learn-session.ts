// What is learned of a whole session: its running summary, and its episodes with what they teach.
import type { RecordScope, StoredRecord } from '#ports/memory-records.js'
import { systemKeys } from '#services/memory/record-metadata.js'
import { termsOf } from '#services/memory/retrieval/words.js'
import { type Lesson, recordOf, scopeOf } from './learn.js'
import { recordLimits, similarRecords } from './limits.js'
import { emptyPlan, joinedSource, type Plan } from './plan.js'
import { statementIn } from './record-texts.js'

/** One record that grows; when it is full, the next one goes on. */
export async function learnSummary(lesson: Lesson): Promise<Plan> {
  const { mind, material, source } = lesson
  const [before] = await latest(lesson, scopeOf(lesson))
  const summary = await mind.summarize(material, before?.text ?? '')
  if (summary.text === '' || summary.text === before?.text) return emptyPlan()
  if (before && summary.text.length <= recordLimits.textLength) {
    const facts = recordOf(summary, lesson, {
      recordId: before.recordId,
      at: Math.max(before.at, summary.at),
      source: joinedSource(before.source, source),
    })
    return { ...emptyPlan(), put: [{ ...facts, metadata: { ...before.metadata, ...facts.metadata } }] }
  }
  const chunk = before ? await mind.summarize(material, '') : summary
  return { ...emptyPlan(), put: [recordOf({ ...chunk, text: chunk.text.slice(0, recordLimits.textLength) }, lesson)] }
}

export async function learnEpisode(lesson: Lesson): Promise<Plan> {
  const { mind, material, work } = lesson
  const [last] = await latest(lesson, ofType(scopeOf(lesson), 'EPISODE'))
  // What an earlier episode holds is not told again.
  const history = last ? material.history.filter(({ at }) => at > last.at) : material.history
  const episode = await mind.episode({ ...material, history })
  if (!episode || episode.text === last?.text) return emptyPlan()
  const put = [recordOf({ ...episode, text: episode.text.slice(0, recordLimits.textLength) }, lesson, { recordType: 'EPISODE' })]
  if (work.reflections !== undefined) {
    const scope = ofType(scopeOf(lesson, work.reflections), 'REFLECTION')
    const known = await lesson.records.matching(lesson.memory, scope, termsOf(statementIn(episode.text)), similarRecords)
    for (const { recordId, text } of await mind.reflect(episode, known)) {
      const before = known.find((one) => one.recordId === recordId)
      const facts = recordOf({ text, at: episode.at, metadata: {} }, lesson, { namespace: work.reflections, recordType: 'REFLECTION' })
      put.push(before ? { ...facts, recordId: before.recordId, source: joinedSource(before.source, lesson.source) } : facts)
    }
  }
  return { ...emptyPlan(), put }
}

function latest({ records, memory }: Lesson, scope: RecordScope): Promise<StoredRecord[]> {
  return records.page(memory, scope, { limit: 1 })
}

function ofType(scope: RecordScope, recordType: string): RecordScope {
  const test = { key: systemKeys.recordType, operator: 'EQUALS_TO' as const, value: { stringValue: recordType } }
  return { ...scope, tests: [...(scope.tests ?? []), test] }
}
