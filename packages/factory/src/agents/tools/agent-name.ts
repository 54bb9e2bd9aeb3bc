// AWS's rule for runtime names, and how a name that people write becomes one.

export const agentNamePattern = /^[a-zA-Z][a-zA-Z0-9_]{0,47}$/
export const agentNameRule = 'a letter first, then letters, digits and underscores, 48 characters at most'

/** The nearest name that AWS allows; `undefined` when nothing of the text can be kept. */
export function repairedAgentName(name: string): string | undefined {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-zA-Z0-9]+/g, '_')
    .replace(/^[^a-zA-Z]+/, '')
    .slice(0, 48)
    .replace(/_+$/, '')
  return agentNamePattern.test(plain) ? plain : undefined
}
