// The members of Secrets Manager's operations: their form and bounds (API reference, 2026), and those that mean nothing here.
import { ServiceError } from '#kernel/errors.js'

export const invalidParameter = (message: string) => new ServiceError('InvalidParameterException', message)
export const invalidRequest = (message: string) => new ServiceError('InvalidRequestException', message)

/** Reads one member, or throws an InvalidParameterException that names it. */
type Reader<T> = (value: unknown, name: string) => T

export function text(least: number, most: number, pattern = /^/): Reader<string> {
  return (value, name) => {
    if (typeof value !== 'string') throw invalidParameter(`${name} must be a text.`)
    const { length } = value
    if (length < least || length > most) throw invalidParameter(`${name} must have ${least} to ${most} characters.`)
    if (!pattern.test(value)) throw invalidParameter(`${name} must match ${pattern.source}.`)
    if (!value.isWellFormed()) throw invalidParameter(`${name} must be well-formed Unicode.`)
    return value
  }
}

export const flag: Reader<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw invalidParameter(`${name} must be true or false.`)
  return value
}

export function whole(least: number, most: number): Reader<number> {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
      throw invalidParameter(`${name} must be a whole number from ${least} to ${most}.`)
    return value
  }
}

export function choice<Choice extends string>(...choices: Choice[]): Reader<Choice> {
  return (value, name) => {
    const chosen = choices.find((one) => one === value)
    if (chosen === undefined) throw invalidParameter(`${name} must be one of ${choices.join(', ')}.`)
    return chosen
  }
}

/** Stays base64, as it is kept. */
export function blob(mostBytes: number): Reader<string> {
  return (value, name) => {
    const bytes = typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) ? Buffer.from(value, 'base64') : undefined
    if (!bytes || bytes.toString('base64') !== value) throw invalidParameter(`${name} must be base64.`)
    if (bytes.length < 1 || bytes.length > mostBytes) throw invalidParameter(`${name} must have 1 to ${mostBytes} bytes.`)
    return bytes.toString('base64')
  }
}

export function list<Item>(item: Reader<Item>, least: number, most: number): Reader<Item[]> {
  return (value, name) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) throw invalidParameter(`${name} must be a list of ${least} to ${most}.`)
    return value.map((one, index) => item(one, `${name}[${index}]`))
  }
}

export function object<Members extends Record<string, Reader<unknown>>>(
  members: Members,
): Reader<{ [Name in keyof Members]?: ReturnType<Members[Name]> }> {
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidParameter(`${name} must be an object.`)
    return readMembers(members, value as Record<string, unknown>, `${name}.`)
  }
}

export function refused(why: string): Reader<undefined> {
  return (_value, name) => {
    throw invalidParameter(`${name} is not executed by this version of agentworks: ${why} See docs/conformance.md.`)
  }
}

/** Members that are not in the table are dropped, as AWS does. */
export function readMembers<Members extends Record<string, Reader<unknown>>>(
  members: Members,
  sent: Readonly<Record<string, unknown>>,
  path = '',
): { [Name in keyof Members]?: ReturnType<Members[Name]> } {
  const read: Record<string, unknown> = {}
  for (const [name, reader] of Object.entries(members)) {
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined
    if (value !== undefined && value !== null) read[name] = reader(value, path + name)
  }
  return read as { [Name in keyof Members]?: ReturnType<Members[Name]> }
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw invalidParameter(`${name} is required.`)
  return value
}
