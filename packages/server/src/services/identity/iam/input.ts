// What IAM's operations have in common on their way in: names, paths, tags, pages, policy texts.
import { invalid, ServiceError } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import { listOf, type QueryParameters, required, wholeNumber } from '#kernel/query.js'
import { iamLimits } from '#services/identity/limits.js'
import { PolicyFault } from '#services/identity/policy/document.js'
import { type PolicyKind, parsePolicy } from '#services/identity/policy/parse-policy.js'

export function nameIn(parameters: QueryParameters, member: string, most = 64): string {
  const name = required(parameters, member)
  if (name.length > most || !/^[\w+=,.@-]+$/.test(name))
    throw invalid(member, `"${name.slice(0, 128)}" must be 1 to ${most} of letters, digits and _+=,.@-`)
  return name
}

export function pathIn(parameters: QueryParameters): string {
  const path = parameters.get('Path') ?? '/'
  if (path.length > 512 || !/^\/(?:[\x21-\x7e]+\/)?$/.test(path)) throw invalid('Path', `"${path.slice(0, 128)}" must begin and end with /`)
  return path
}

export function descriptionIn(parameters: QueryParameters): string | undefined {
  const description = parameters.get('Description')
  if (description !== undefined && description.length > 1000) throw invalid('Description', 'must have at most 1000 characters')
  return description
}

export function tagsIn(parameters: QueryParameters): Record<string, string> {
  const tags: Record<string, string> = {}
  for (const { Key: key = '', Value: value = '' } of listOf(parameters, 'Tags')) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || value.length > 256)
      throw invalid('Tags', `"${key.slice(0, 128)}" must have 1 to 128 characters and a value of at most 256`)
    if (key.toLowerCase().startsWith('aws:')) throw invalid('Tags', `the key "${key}" begins with aws:, which is reserved for AWS`)
    tags[key] = value
  }
  return checkTags(tags)
}

export function checkTags(tags: Record<string, string>): Record<string, string> {
  if (Object.keys(tags).length > iamLimits.tags) throw limitExceeded(`there may be at most ${iamLimits.tags} tags`)
  return tags
}

/** The text of a policy that can be kept as it is. */
export function policyIn(parameters: QueryParameters, member: string, kind: PolicyKind, most: number): string {
  const text = required(parameters, member)
  if (charactersOf(text) > most)
    throw limitExceeded(`${member} has ${charactersOf(text)} characters without white space; at most ${most} are allowed`)
  try {
    parsePolicy(text, kind)
  } catch (fault) {
    if (fault instanceof PolicyFault) throw new ServiceError('MalformedPolicyDocumentException', `${member}: ${fault.message}.`, { cause: fault })
    throw fault
  }
  return text
}

export const charactersOf = (policyText: string) => policyText.replace(/\s/g, '').length

export interface PageOf<Item> {
  items: Item[]
  /** As answers of IAM have it. */
  members: { IsTruncated: boolean; Marker?: string }
}

/** One page of what is listed, in order of the keys. */
export function pageOf<Item>(parameters: QueryParameters, all: Iterable<Item>, keyOf: (item: Item) => string): PageOf<Item> {
  const most = wholeNumber(parameters, 'MaxItems', [1, 1000]) ?? 100
  const after = decodePageToken(parameters.get('Marker'), 'Marker')
  const prefix = parameters.get('PathPrefix')
  const isAfter = (item: Item) => after === undefined || keyOf(item) > after
  const isUnder = (item: Item) => prefix === undefined || (item as { path?: string }).path?.startsWith(prefix) !== false
  const rest = [...all].filter((item) => isAfter(item) && isUnder(item)).sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1))
  const items = rest.slice(0, most)
  const last = items.at(-1)
  const isTruncated = rest.length > most
  return { items, members: { IsTruncated: isTruncated, ...(isTruncated && last !== undefined && { Marker: encodePageToken(keyOf(last)) }) } }
}

export function noSuchEntity(kind: string, name: string): ServiceError {
  return new ServiceError('NoSuchEntityException', `The ${kind} ${name} cannot be found.`)
}

export function alreadyExists(kind: string, name: string): ServiceError {
  return new ServiceError('EntityAlreadyExistsException', `The ${kind} ${name} exists already. Choose another name, or change that one.`)
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', `${message}.`)
}

export function deleteConflict(message: string): ServiceError {
  return new ServiceError('DeleteConflictException', message)
}
