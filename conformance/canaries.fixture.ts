// Secrets that are looked for afterwards, in every form in which a careless program would leave them behind.
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Canaries {
  /** A new secret. */
  plant(name: string): string
  /** A secret that somebody else made, such as a token that the platform issued. */
  note(name: string, secret: string | undefined): string
  /** The names of those that are in it. */
  foundIn(bytes: Uint8Array | string): string[]
  count(): number
}

export function canaries(): Canaries {
  const secrets: { name: string; forms: Buffer[] }[] = []
  const note = (name: string, secret: string | undefined) => {
    if (!secret || secret.length < 16) throw new Error(`${name} is too short to be looked for, or was never given`)
    secrets.push({ name, forms: formsOf(secret) })
    return secret
  }
  return {
    note,
    plant: (name) => note(name, `canary-${name}-${randomBytes(18).toString('hex')}`),
    foundIn(bytes) {
      const text = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes as string)
      return secrets.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => name)
    },
    count: () => secrets.length,
  }
}

/** As it is, as a URL and JSON spell it, in hexadecimal, and in base64 wherever in a longer text it begins. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret)
  const inBase64 = [0, 1, 2].flatMap((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // What its neighbours have a share in is cut off.
    const own = encoded.replace(/=+$/, '').slice(shift === 0 ? 0 : 4, -4)
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')]
  })
  const texts = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...inBase64]
  return [...new Set(texts)].map((text) => Buffer.from(text))
}

/** Every file below. What vanishes meanwhile was not kept. */
export function filesBelow(dir: string): { path: string; bytes: Buffer }[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name)
      try {
        return [{ path: path.slice(dir.length + 1), bytes: readFileSync(path) }]
      } catch {
        return []
      }
    })
}

export interface SeenProcess {
  pid: number
  argv: string
  environment: string
}

/** Every process of this machine whose environment we may read. */
export function processes(): SeenProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .flatMap((pid) => {
      try {
        const read = (file: string) => readFileSync(join('/proc', pid, file), 'latin1')
        return [{ pid: Number(pid), argv: read('cmdline'), environment: read('environ') }]
      } catch {
        return []
      }
    })
}
