// Reflections of an episodic strategy: where they go, which must be at or above the episodes that they are about.
import type {
  EpisodicOverrideReflectionConfigurationInput,
  EpisodicReflectionConfiguration,
  EpisodicReflectionConfigurationInput,
  NamespaceKeyEntry,
  ReflectionConfiguration,
} from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import { checkSchema } from './metadata-schema.js'
import { checkTemplate, defaultReflectionTemplate, type GivenNamespaces, templateIn } from './namespaces.js'

export function reflectionConfiguration(
  input: EpisodicReflectionConfigurationInput | undefined,
  episodes: string,
  field: string,
  keys: readonly NamespaceKeyEntry[],
): EpisodicReflectionConfiguration {
  const template = templateOf(input ?? {}, episodes, field, keys)
  checkSchema(input?.memoryRecordSchema, 'EPISODIC', `${field}.memoryRecordSchema`)
  return { ...input, namespaces: [template], namespaceTemplates: [template] }
}

export function reflectionOverride(
  input: EpisodicOverrideReflectionConfigurationInput | undefined,
  episodes: string,
  field: string,
  keys: readonly NamespaceKeyEntry[],
): ReflectionConfiguration {
  if (!input) return { episodicReflectionConfiguration: reflectionConfiguration(undefined, episodes, field, keys) }
  const template = templateOf(input, episodes, field, keys)
  checkSchema(input.memoryRecordSchema, 'EPISODIC', `${field}.memoryRecordSchema`)
  return {
    customReflectionConfiguration: { episodicReflectionOverride: { ...input, namespaces: [template], namespaceTemplates: [template] } },
  }
}

/** Of a reflection that was stored before. */
export function reflectionTemplateOf(reflection: ReflectionConfiguration | undefined): string | undefined {
  const stored = reflection?.customReflectionConfiguration?.episodicReflectionOverride ?? reflection?.episodicReflectionConfiguration
  return stored?.namespaceTemplates?.[0]
}

function templateOf(given: GivenNamespaces, episodes: string, field: string, keys: readonly NamespaceKeyEntry[]): string {
  const sent = templateIn(given, field)
  // Without a word of the customer: AWS's default where that is above the episodes, and beside them elsewhere.
  const template = sent ?? (episodes.startsWith(defaultReflectionTemplate) ? defaultReflectionTemplate : episodes)
  checkTemplate(template, field, keys)
  checkAbove(template, episodes, field)
  return template
}

export function checkAbove(template: string, episodes: string, field: string): void {
  if (!episodes.startsWith(template))
    throw invalid(`${field}.namespaceTemplates`, `must be the template of the episodes, ${episodes}, or a beginning of it`)
}
