// From the text of a policy to its statements. Everything that IAM would refuse is refused here, with the place and the fix.
import { knownOperators } from './condition-operators.js'
import { type Listed, type PolicyCondition, type PolicyDocument, PolicyFault, type PolicyStatement, type PrincipalPattern } from './document.js'

/** An identity's policies name no principal, those of a resource must; a trust policy names no resource. */
export type PolicyKind = 'identity' | 'resource' | 'trust'

type Json = Readonly<Record<string, unknown>>

const statementMembers = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition']
const principalKinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'] as const

export function parsePolicy(text: string, kind: PolicyKind): PolicyDocument {
  const policy = objectOf(parsed(text), 'the policy')
  refuseOthers(policy, ['Version', 'Id', 'Statement'], 'the policy')
  const { Version: version = '2008-10-17', Statement: statement } = policy
  if (version !== '2012-10-17' && version !== '2008-10-17') throw new PolicyFault('Version must be "2012-10-17"')
  const list = Array.isArray(statement) ? statement : [statement]
  if (statement === undefined || list.length === 0) throw new PolicyFault('Statement must hold at least one statement')
  const statements = list.map((one, index) => readStatement(one, `Statement[${index}]`, kind))
  const sids = statements.flatMap(({ sid }) => (sid ? [sid] : []))
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index)
  if (twice !== undefined) throw new PolicyFault(`the Sid "${twice}" stands on two statements; each needs its own`)
  return { hasVariables: version === '2012-10-17', statements }
}

function readStatement(value: unknown, at: string, kind: PolicyKind): PolicyStatement {
  const statement = objectOf(value, at)
  refuseOthers(statement, statementMembers, at)
  const { Sid: sid, Effect: effect } = statement
  if (sid !== undefined && (typeof sid !== 'string' || !/^[\w .-]{0,256}$/.test(sid))) throw new PolicyFault(`${at}.Sid must be letters and digits`)
  if (effect !== 'Allow' && effect !== 'Deny') throw new PolicyFault(`${at}.Effect must be "Allow" or "Deny"`)
  return {
    sid,
    effect,
    principals: readPrincipals(statement, at, kind),
    actions: readActions(statement, at),
    resources: readResources(statement, at, kind),
    conditions: readConditions(statement.Condition, `${at}.Condition`),
  }
}

function readActions(statement: Json, at: string): Listed {
  const [name, listed] = oneOfTwo(statement, 'Action', at)
  if (!listed) throw new PolicyFault(`${at} must have Action or NotAction`)
  for (const pattern of listed.patterns)
    if (pattern !== '*' && !/^[\w*-]+:[\w*?]+$/.test(pattern))
      throw new PolicyFault(`${at}.${name} has "${cut(pattern)}"; an action has the form service:Name, with * for any characters`)
  return listed
}

function readResources(statement: Json, at: string, kind: PolicyKind): Listed | undefined {
  const [name, listed] = oneOfTwo(statement, 'Resource', at)
  if (kind === 'trust') {
    if (listed) throw new PolicyFault(`${at} has ${name}; a trust policy stands on its role and names no resource`)
    return undefined
  }
  if (!listed) throw new PolicyFault(`${at} must have Resource or NotResource`)
  for (const pattern of listed.patterns)
    if (!pattern.startsWith('*') && !/^arn:/.test(pattern)) throw new PolicyFault(`${at}.${name} has "${cut(pattern)}"; it must be an ARN or "*"`)
  return listed
}

function readPrincipals(statement: Json, at: string, kind: PolicyKind): PolicyStatement['principals'] {
  const not = statement.NotPrincipal !== undefined
  const name = not ? 'NotPrincipal' : 'Principal'
  const value = statement[name]
  if (not && statement.Principal !== undefined) throw new PolicyFault(`${at} has both Principal and NotPrincipal; keep one`)
  if (kind === 'identity') {
    if (value !== undefined) throw new PolicyFault(`${at} has ${name}; the policy of a role or a user speaks of whoever it stands on`)
    return undefined
  }
  if (value === undefined) throw new PolicyFault(`${at} must have Principal: who is meant`)
  if (value === '*') return { not, listed: [{ kind: '*', value: '*' }] }
  const byKind = objectOf(value, `${at}.${name}`)
  refuseOthers(byKind, principalKinds, `${at}.${name}`)
  const listed = principalKinds.flatMap((each) =>
    byKind[each] === undefined ? [] : textsOf(byKind[each], `${at}.${name}.${each}`).map((text) => principal(each, text, `${at}.${name}.${each}`)),
  )
  if (listed.length === 0) throw new PolicyFault(`${at}.${name} names nobody`)
  return { not, listed }
}

function principal(kind: (typeof principalKinds)[number], value: string, at: string): PrincipalPattern {
  if (value === '*') return kind === 'AWS' ? { kind: '*', value } : { kind, value }
  if (kind === 'AWS' && !/^(?:[0-9]{12}|arn:aws:(?:iam|sts)::[0-9]{12}:[\w+=,.@/-]+)$/.test(value))
    throw new PolicyFault(`${at} has "${cut(value)}"; it must be an account id, the ARN of a user, role or session, or "*" alone`)
  if (kind === 'Service' && !/^[a-z0-9.-]+\.amazonaws\.com$/.test(value))
    throw new PolicyFault(`${at} has "${cut(value)}"; a service has the form NAME.amazonaws.com`)
  return { kind, value }
}

function readConditions(value: unknown, at: string): PolicyCondition[] {
  if (value === undefined) return []
  return Object.entries(objectOf(value, at)).flatMap(([written, keys]) => {
    const [, set, name = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(written) ?? []
    const operator = knownOperators.find((known) => known.toLowerCase() === name.toLowerCase())
    if (!operator || (operator === 'Null' && ifExists)) throw new PolicyFault(`${at} has "${cut(written)}", which is no condition operator`)
    return Object.entries(objectOf(keys, `${at}.${written}`)).map(([key, values]) => {
      if (!/^[\w-]+:.{1,512}$/s.test(key)) throw new PolicyFault(`${at}.${written} has "${cut(key)}"; a condition key has the form service:Name`)
      return {
        operator,
        set: set as PolicyCondition['set'],
        ifExists: ifExists !== undefined,
        key,
        values: textsOf(values, `${at}.${written}.${key}`),
      }
    })
  })
}

function oneOfTwo(statement: Json, name: string, at: string): [name: string, listed: Listed | undefined] {
  const not = `Not${name}`
  if (statement[name] !== undefined && statement[not] !== undefined) throw new PolicyFault(`${at} has both ${name} and ${not}; keep one`)
  const present = statement[not] === undefined ? name : not
  if (statement[present] === undefined) return [name, undefined]
  return [present, { not: present === not, patterns: textsOf(statement[present], `${at}.${present}`) }]
}

/** IAM takes one value for a list of one, and writes numbers and booleans as text. */
function textsOf(value: unknown, at: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  if (list.length === 0) throw new PolicyFault(`${at} must not be empty`)
  return list.map((one) => {
    if (typeof one !== 'string' && typeof one !== 'number' && typeof one !== 'boolean') throw new PolicyFault(`${at} must be text or a list of texts`)
    return String(one)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PolicyFault('the policy is not JSON')
  }
}

function objectOf(value: unknown, at: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new PolicyFault(`${at} must be a JSON object`)
  return value as Json
}

function refuseOthers(value: Json, known: readonly string[], at: string): void {
  const other = Object.keys(value).find((name) => !known.includes(name))
  if (other !== undefined) throw new PolicyFault(`${at} has "${cut(other)}", which is not one of ${known.join(', ')}`)
}

const cut = (text: string) => text.slice(0, 200)
