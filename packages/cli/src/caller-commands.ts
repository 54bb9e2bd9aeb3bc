// keys and roles: who may call, and what agents may do.
import type { Command } from 'commander'
import type { CreateKeyOptions } from './commands/keys.js'
import type { CreateRoleOptions } from './commands/roles.js'
import { add, noun, type On } from './declare.js'

export function callerCommands(root: Command, on: On): void {
  const keys = noun(root, 'keys', 'access keys that may do what a policy allows')
  add(keys, 'create', 'a new access key limited by a policy; its secret is shown once', [
    'agentworks keys create --policy invoke-only.json --name web-app',
  ])
    .requiredOption('--policy <file>', 'an IAM policy: {"Version": "2012-10-17", "Statement": […]}')
    .option('--name <name>', 'the user that the key is of, as policies and the audit trail call it')
    .action(on<[CreateKeyOptions]>(async (invoked, [options]) => (await import('./commands/keys.js')).createKey(invoked, options)))
  add(keys, 'list', 'all access keys but the root key', ['agentworks keys list --json']).action(
    on(async (invoked) => (await import('./commands/keys.js')).listKeys(invoked)),
  )
  add(keys, 'revoke', 'end an access key at once', ['agentworks keys revoke AKIAEXAMPLE'])
    .argument('<access-key-id>', 'as keys list shows it')
    .action(on<[string]>(async (invoked, [id]) => (await import('./commands/keys.js')).revokeKey(invoked, id)))

  const roles = noun(root, 'roles', 'what agents run as: trust and permissions')
  add(roles, 'list', 'all roles, the ready-made ones too', ['agentworks roles list']).action(
    on(async (invoked) => (await import('./commands/roles.js')).listRoles(invoked)),
  )
  add(roles, 'get', 'a role with its trust policy and permissions, and what is wrong in them', ['agentworks roles get AgentCoreExecutionRole'])
    .argument('<name>', 'name of the role')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/roles.js')).getRole(invoked, name)))
  add(roles, 'create', 'a role that AgentCore may assume', ['agentworks roles create ReportWriter --policy permissions.json'])
    .argument('<name>', 'name of the role')
    .option('--policy <file>', 'what it may do, as an IAM policy')
    .option('--trust <file>', 'who may assume it, as a trust policy (default: bedrock-agentcore.amazonaws.com)')
    .option('--description <text>', 'what it is for')
    .action(
      on<[string, CreateRoleOptions]>(async (invoked, [name, options]) => (await import('./commands/roles.js')).createRole(invoked, name, options)),
    )
  add(roles, 'put-policy', 'give a role a policy, or replace the one of that name', [
    'agentworks roles put-policy ReportWriter --policy permissions.json',
  ])
    .argument('<name>', 'name of the role')
    .requiredOption('--policy <file>', 'an IAM policy')
    .option('--name <policy>', 'name of the policy (default: that of the role)')
    .action(
      on<[string, { policy: string; name?: string }]>(async (invoked, [name, options]) =>
        (await import('./commands/roles.js')).putRolePolicy(invoked, name, options),
      ),
    )
  add(roles, 'delete', 'delete a role of your own; a ready-made one that it replaced is back then', ['agentworks roles delete ReportWriter'])
    .argument('<name>', 'name of the role')
    .action(on<[string]>(async (invoked, [name]) => (await import('./commands/roles.js')).deleteRole(invoked, name)))
}
