/** `*` stands for any run of characters; everything else for itself. In one pass, however many stars a pattern has. */
export function wildcard(pattern: string, text: string): boolean {
  const [head = '', ...parts] = pattern.split('*')
  if (parts.length === 0) return pattern === text
  if (!text.startsWith(head)) return false
  let at = head.length
  const tail = parts.pop() ?? ''
  for (const part of parts) {
    const found = text.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return text.length - tail.length >= at && text.endsWith(tail)
}
