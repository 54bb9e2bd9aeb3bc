// Test users. Their passwords are made here and shown once.
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import type { State } from './state.js'

export interface User {
  name: string
  email: string
}

interface StoredUser extends User {
  salt: string
  passwordHash: string
}

const model = 'User'
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Makes the user, or gives an existing one a new password. */
export function putUser(state: State, name: string, password = randomBytes(9).toString('base64url')): User & { password: string } {
  if (!namePattern.test(name)) throw new Error(`"${name}" cannot be the name of a user: 1 to 64 letters, digits and . _ -, a letter or digit first`)
  const salt = randomBytes(16).toString('base64url')
  const user = { name, email: `${name}@example.com` }
  state.put(model, name, { payload: { ...user, salt, passwordHash: hashOf(password, salt) } })
  return { ...user, password }
}

export function findUser(state: State, name: string): User | undefined {
  const { email } = (state.get(model, name) ?? {}) as Partial<StoredUser>
  return email === undefined ? undefined : { name, email }
}

export function listUsers(state: State): User[] {
  return (state.all(model) as unknown as StoredUser[])
    .map(({ name, email }) => ({ name, email }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
}

export const removeUser = (state: State, name: string): boolean => state.delete(model, name)

/** Takes as long for a name that is not there. */
export function passwordMatches(state: State, name: string, password: string): boolean {
  const { salt = '', passwordHash = '' } = (state.get(model, name) ?? {}) as Partial<StoredUser>
  const [given, wanted] = [Buffer.from(hashOf(password, salt)), Buffer.from(passwordHash)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function hashOf(password: string, salt: string): string {
  return scryptSync(password, salt, 32).toString('base64url')
}
