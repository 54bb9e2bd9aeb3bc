// Opening a seal costs more than the rest of a GetAgentRuntime. What is remembered are environments, which the answer shows anyway,
// for as long as the key that opens them is in memory too.
import type { Sealer } from '#ports/sealer.js'

const maxKept = 500

export function rememberOpened({ seal, open }: Sealer): Sealer {
  const opened = new Map<string, string>()
  return {
    seal,
    open(sealed, purpose) {
      const key = `${purpose}\0${sealed}`
      const known = opened.get(key)
      if (known !== undefined) return known
      const text = open(sealed, purpose)
      if (opened.size >= maxKept) for (const oldest of opened.keys()) if (opened.delete(oldest)) break
      opened.set(key, text)
      return text
    },
  }
}
