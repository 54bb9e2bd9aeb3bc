// May this caller do this to that? Decided from the table of roles; an explicit deny wins, no statement means no.
import type { Caller } from '#kernel/context.js'
import { accessDenied } from '#kernel/errors.js'
import type { Authorizer } from '#ports/callers.js'
import { defaultRole, definedRoles, type Role, type Statement } from './roles.js'

export function tableAuthorizer(): Authorizer {
  return {
    authorize(caller, action, resourceArn) {
      if (caller.kind === 'root') return
      // Its token was accepted by the very resource that it calls, for the calls that take one (services/runtime/bearer-callers.ts).
      if (caller.kind === 'jwt') return
      const role = roleOf(caller)
      const allowed = !matchesAny(role.deny, action, resourceArn) && matchesAny(role.allow, action, resourceArn)
      if (allowed) return
      throw accessDenied(
        `${caller.principalArn} is not authorized to perform ${action} on resource ${resourceArn}: no statement of its role ${caller.roleArn} allows it.`,
      )
    },
  }
}

function roleOf({ roleArn = '', account }: Caller): Role {
  const prefix = `arn:aws:iam::${account}:role/`
  const name = roleArn.startsWith(prefix) ? roleArn.slice(prefix.length) : ''
  return Object.hasOwn(definedRoles, name) ? (definedRoles[name] ?? defaultRole) : defaultRole
}

function matchesAny(statements: readonly Statement[], action: string, resource: string): boolean {
  return statements.some(
    ({ actions, resources }) => actions.some((pattern) => wildcard(pattern, action)) && resources.some((pattern) => wildcard(pattern, resource)),
  )
}

/** `*` stands for any run of characters; everything else for itself. */
function wildcard(pattern: string, text: string): boolean {
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
