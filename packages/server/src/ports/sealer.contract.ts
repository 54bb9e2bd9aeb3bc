// What every sealer promises, as tests.
import { describe, expect, it } from 'vitest'
import type { Sealer } from './sealer.js'

/** `again` is the same installation after a restart, `other` is another one. */
export function sealerContract(open: () => { sealer: Sealer; again: Sealer; other: Sealer }): void {
  const cannotOpen = expect.objectContaining({ name: 'PortError', code: 'cannot-open' })
  const failure = (work: () => unknown): unknown => {
    try {
      return work()
    } catch (error) {
      return error
    }
  }

  describe('sealer contract', () => {
    it.each([
      ['plain', 'secret'],
      ['empty', ''],
      ['Unicode and NUL', 'pä\u{1f600}\0ß'],
      ['long', 'x'.repeat(100_000)],
    ])('opens what it sealed: %s', (_, text) => {
      const { sealer, again } = open()
      expect(again.open(sealer.seal(text, 'vault'), 'vault')).toBe(text)
    })

    it('gives printable text that shows nothing of what is inside, and never the same twice', () => {
      const { sealer } = open()
      const seals = Array.from({ length: 50 }, () => sealer.seal('hunter2-hunter2', 'vault'))
      expect(new Set(seals).size).toBe(50)
      for (const sealed of seals) {
        expect(sealed).toMatch(/^[\x21-\x7e]+$/)
        expect(sealed).not.toContain('hunter2')
        expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('hunter2')
      }
    })

    it('does not open for another purpose, or for another installation', () => {
      const { sealer, other } = open()
      const sealed = sealer.seal('secret', 'vault')
      expect(failure(() => sealer.open(sealed, 'vault2'))).toEqual(cannotOpen)
      expect(failure(() => sealer.open(sealed, ''))).toEqual(cannotOpen)
      expect(failure(() => other.open(sealed, 'vault'))).toEqual(cannotOpen)
    })

    it('does not open what was altered, at any place', () => {
      const { sealer } = open()
      const sealed = sealer.seal('secret', 'vault')
      for (let at = 0; at < sealed.length; at++) {
        const altered = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
        expect(failure(() => sealer.open(altered, 'vault'))).toEqual(cannotOpen)
        expect(failure(() => sealer.open(sealed.slice(0, at), 'vault'))).toEqual(cannotOpen)
      }
      for (const altered of ['', 'v1.', 'v2.AAAA', `${sealed}A`, `${sealed}=`, ` ${sealed}`, 'secret']) {
        expect(failure(() => sealer.open(altered, 'vault'))).toEqual(cannotOpen)
      }
    })

    it('shows in its errors nothing of what is sealed', () => {
      const { sealer } = open()
      const error = failure(() => sealer.open(sealer.seal('hunter2', 'vault'), 'other'))
      expect(String(error)).not.toContain('hunter2')
    })
  })
}
