// From what create and update send to what a version keeps. What does not execute yet is refused by name.
import type { CreateAgentRuntimeRequest, UpdateAgentRuntimeRequest } from '@agentworks/model'
import { invalid, unsupportedMember } from '#kernel/errors.js'
import type { Sealer } from '#ports/sealer.js'
import { jwtAuthorizerOf } from '#services/identity/index.js'
import { artifactOf } from './artifact.js'
import { environmentPurpose, type VersionDocument } from './documents.js'
import { checkAllowlist } from './header-allowlist.js'
import { defaultIdleSeconds, defaultMaxLifetimeSeconds } from './limits.js'
import { storageMountsOf } from './storage-settings.js'

type SettingsInput = Omit<CreateAgentRuntimeRequest, 'agentRuntimeName' | 'tags'> & Pick<UpdateAgentRuntimeRequest, 'metadataConfiguration'>
export type Settings = Omit<VersionDocument, 'version' | 'status' | 'createdAt' | 'lastUpdatedAt'>

export function settingsOf(input: SettingsInput, sealer: Sealer): Settings {
  refuseWhatDoesNotExecute(input)
  const allowlist = input.requestHeaderConfiguration?.requestHeaderAllowlist
  const jwtAuthorizer = jwtAuthorizerOf(input.authorizerConfiguration)
  if (allowlist) checkAllowlist(allowlist, { takesTokens: jwtAuthorizer !== undefined })
  return {
    description: input.description,
    roleArn: input.roleArn,
    code: artifactOf(input.agentRuntimeArtifact),
    ...lifecycleOf(input.lifecycleConfiguration),
    jwtAuthorizer,
    requestHeaderAllowlist: allowlist,
    serverProtocol: input.protocolConfiguration?.serverProtocol ?? 'HTTP',
    storageMounts: storageMountsOf(input.filesystemConfigurations),
    sealedEnvironment: sealer.seal(JSON.stringify(checkedEnvironment(input.environmentVariables ?? {})), environmentPurpose),
    requireMMDSV2: input.metadataConfiguration?.requireMMDSV2,
    platformVersion: input.platformVersion,
    ...networkOf(input.networkConfiguration),
  }
}

function networkOf(configuration: SettingsInput['networkConfiguration']): Pick<VersionDocument, 'networkMode' | 'vpc'> {
  const { networkMode = 'PUBLIC', networkModeConfig } = configuration ?? {}
  const field = 'networkConfiguration.networkModeConfig'
  if (networkModeConfig && networkMode !== 'VPC') throw invalid(field, `goes with networkMode VPC, not ${networkMode}`)
  if (networkMode !== 'VPC') return { networkMode }
  if (!networkModeConfig) throw invalid(field, 'networkMode VPC takes subnets and securityGroups')
  // AWS: service-managed, refused on create and on update since May 2026 (API reference: VpcConfig).
  if (networkModeConfig.requireServiceS3Endpoint !== undefined)
    throw invalid(`${field}.requireServiceS3Endpoint`, 'cannot be set for runtimes created since May 2026; leave it out')
  const { subnets, securityGroups } = networkModeConfig
  return { networkMode, vpc: { subnets, securityGroups } }
}

function refuseWhatDoesNotExecute(input: SettingsInput) {
  if (input.capacityProviderConfiguration)
    throw unsupportedMember('capacityProviderConfiguration', 'there are no capacity providers here; leave it out.')
  if (input.platformVersion !== undefined && input.platformVersion !== 'V1')
    throw unsupportedMember('platformVersion', `${input.platformVersion} restores snapshots; every session here starts its own process, which is V1.`)
  if (input.metadataConfiguration?.requireMMDSV2 === false)
    throw unsupportedMember(
      'metadataConfiguration.requireMMDSV2',
      'sessions have no metadata service, so version 1 of it cannot be offered; send true or leave it out.',
    )
}

function lifecycleOf(configuration: SettingsInput['lifecycleConfiguration']) {
  const maxLifetime = configuration?.maxLifetime ?? defaultMaxLifetimeSeconds
  // AWS: with only a short maximum given, both take it.
  const idle = configuration?.idleRuntimeSessionTimeout ?? Math.min(defaultIdleSeconds, maxLifetime)
  if (idle > maxLifetime) {
    throw invalid('lifecycleConfiguration.idleRuntimeSessionTimeout', `${idle} must be at most maxLifetime, which is ${maxLifetime}`)
  }
  return { idleRuntimeSessionTimeout: idle, maxLifetime }
}

function checkedEnvironment(variables: Record<string, string>): Record<string, string> {
  for (const [name, value] of Object.entries(variables)) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw invalid(`environmentVariables.${name}`, 'a variable name has letters, digits and underscores, and no digit first')
    if (value.includes('\0')) throw invalid(`environmentVariables.${name}`, 'a value cannot hold a NUL byte')
  }
  return variables
}
