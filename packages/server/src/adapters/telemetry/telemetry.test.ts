import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '#kernel/clock.js'
import { fileAudit } from './file-audit.js'
import { recentTrace } from './recent-trace.js'
import { type LogLevel, stderrLog } from './stderr-log.js'

const clock: Pick<Clock, 'now'> = { now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678) }
const scratch = mkdtempSync(join(tmpdir(), 'agentworks-telemetry-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

describe('the log', () => {
  const gather = (format: 'json' | 'pretty', level?: LogLevel) => {
    const lines: string[] = []
    return { lines, log: stderrLog({ clock, format, level, write: (line) => lines.push(line) }) }
  }

  it('writes one JSON object a line, facts beside the message', () => {
    const { lines, log } = gather('json')
    log.info('session started', { sessionId: 's-1', ms: 31, cold: true, absent: undefined })
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[^\n]*\n$/)
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '2026-01-02T03:04:05.678Z',
      level: 'info',
      message: 'session started',
      sessionId: 's-1',
      ms: 31,
      cold: true,
    })
  })

  it('writes words for a terminal', () => {
    const { lines, log } = gather('pretty')
    log.warn('session ended', { reason: 'idle for long', code: 0 })
    expect(lines).toEqual(['03:04:05.678 warn  session ended reason="idle for long" code=0\n'])
  })

  it('drops what is below its level', () => {
    const { lines, log } = gather('json', 'warn')
    log.debug('a')
    log.info('b')
    log.warn('c')
    log.error('d')
    expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd'])
  })

  it.each(['json', 'pretty'] as const)('lets nothing forge a second line or move the cursor: %s', (format) => {
    const { lines, log } = gather(format)
    log.info('line\nbreak', { evil: 'a\r\nb\u001b[2Jc\u2028d\u202ee\u009bf', level: 'fatal', message: 'forged', time: 'never' })
    expect(lines[0]).toMatch(/^[^\p{Cc}\u2028\u202e]*\n$/u)
    if (format === 'json')
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', message: 'line\\u000abreak', time: '2026-01-02T03:04:05.678Z' })
  })

  it('never shows what is named like a secret, and still shows ids', () => {
    const { lines, log } = gather('json')
    const secrets = { secretAccessKey: 'x1', sessionToken: 'x2', token: 'x3', password: 'x4', Authorization: 'x5', apiKey: 'x6', clientSecret: 'x7' }
    log.info('key used', { ...secrets, accessKeyId: 'AKIAEXAMPLE', tokens: 12 })
    expect(lines[0]).not.toMatch(/x[1-7]/)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ accessKeyId: 'AKIAEXAMPLE', tokens: 12, token: '[redacted]' })
  })

  it('cuts a text that is too long, and says how long it was', () => {
    const { lines, log } = gather('json')
    log.info('m', { body: 'x'.repeat(100_000) })
    expect(lines[0]?.length).toBeLessThan(2200)
    expect(lines[0]).toContain('100000 characters')
  })
})

describe('the audit trail', () => {
  const event = (requestId: string) => ({
    at: 1,
    requestId,
    principalArn: 'arn:aws:iam::000000000000:root',
    service: 's3',
    action: 'PutObject',
    resource: 'arn:aws:s3:::b/k\ney',
    outcome: 'allowed',
  })
  const requestIds = (path: string) => {
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    return lines.map((line) => JSON.parse(line).requestId)
  }

  it('never writes into a file that is not its own, when its folder went away as it turned over', () => {
    const dir = mkdtempSync(join(scratch, 'gone-'))
    const failures: unknown[] = []
    const audit = fileAudit(join(dir, 'audit.jsonl'), { clock: systemClock, maxBytes: 1, onFailure: (fault) => failures.push(fault) })
    rmSync(dir, { recursive: true })
    audit.record(event('one'))
    audit.flush()
    // Whoever opens something next gets the lowest number that is free.
    const other = join(scratch, 'somebody-elses')
    const file = openSync(other, 'w')
    audit.record(event('two'))
    audit.close()
    closeSync(file)
    expect(readFileSync(other, 'utf8')).toBe('')
    expect(failures).toHaveLength(1)
  })

  it('is private, in order, and on disk when closed; a restart goes on where it was', () => {
    const path = join(scratch, 'order.jsonl')
    writeFileSync(path, '', { mode: 0o644 })
    for (const round of ['a', 'b']) {
      const audit = fileAudit(path, { clock: systemClock })
      for (let n = 0; n < 3; n++) audit.record(event(`${round}${n}`))
      audit.close()
      audit.close()
      audit.record(event('late'))
    }
    expect(requestIds(path)).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2'])
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('is read back newest first across its files, and told to those who follow until they leave', async () => {
    const path = join(scratch, 'read.jsonl')
    const audit = fileAudit(path, { clock: systemClock, maxBytes: 400, keep: 3 })
    const told: string[] = []
    const leave = audit.follow(({ requestId }) => told.push(requestId))
    for (let n = 0; n < 5; n++) {
      audit.record(event(String(n)))
      audit.flush()
    }
    leave()
    audit.record(event('5'))
    const read = async (limit: number, wanted = (id: string) => id !== '4') =>
      (await audit.read(({ requestId }) => wanted(requestId), limit)).map(({ requestId }) => requestId)
    expect(await read(3)).toEqual(['2', '3', '5'])
    expect(await read(100)).toEqual(['0', '1', '2', '3', '5'])
    expect(await read(0)).toEqual([])
    expect(told).toEqual(['0', '1', '2', '3', '4'])
    audit.close()
  })

  it('writes by itself after a moment', () => {
    const path = join(scratch, 'moment.jsonl')
    const due: (() => void)[] = []
    const after = (_: number, work: () => void) => {
      due.push(work)
      return () => {}
    }
    const audit = fileAudit(path, { clock: { after } })
    audit.record(event('x'))
    expect(requestIds(path)).toEqual([])
    for (const work of due) work()
    expect(requestIds(path)).toEqual(['x'])
    audit.close()
  })

  it('starts a new file when one is full, and keeps the newest few whole', () => {
    const path = join(scratch, 'full.jsonl')
    const audit = fileAudit(path, { clock: systemClock, maxBytes: 500, keep: 2 })
    for (let n = 0; n < 30; n++) {
      audit.record(event(String(n)))
      audit.flush()
    }
    audit.close()
    const kept = [`${path}.2`, `${path}.1`, path].flatMap(requestIds).map(Number)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => 30 - kept.length + n))
    expect(kept.length).toBeGreaterThan(4)
    expect(kept.length).toBeLessThan(15)
  })
})

describe('the trace', () => {
  it('keeps the last spans, oldest first, with what was told on the way', () => {
    let now = 0
    const trace = recentTrace({ clock: { now: () => now }, capacity: 3 })
    for (let n = 0; n < 5; n++) {
      const span = trace.start('verifyCaller', { n })
      now += 10
      span.set({ code: 'allowed', token: 'x' })
      span.end()
      span.end()
    }
    expect(trace.recent()).toEqual(
      [2, 3, 4].map((n) => ({ name: 'verifyCaller', startedAt: n * 10, ms: 10, facts: { n, code: 'allowed', token: '[redacted]' } })),
    )
  })

  it('shows nothing of a span that has not ended', () => {
    const trace = recentTrace({ clock })
    trace.start('open')
    expect(trace.recent()).toEqual([])
  })
})
