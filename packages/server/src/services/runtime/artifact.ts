// What a version runs: a package of code in S3, or a container image. AWS's agentRuntimeArtifact.
import type { AgentRuntimeArtifact } from '@agentworks/model'
import { invalid, unsupportedMember } from '#kernel/errors.js'
import type { CodeRuntime } from '#ports/interpreters.js'
import { isInstrumented } from './instrumentation.js'

export interface PackagedCode {
  bucket: string
  key: string
  runtime: CodeRuntime
  entryPoint: string[]
}

export interface ContainerImage {
  containerUri: string
  /** What that name meant when the version was made: the version runs this image for good. Set when it becomes READY. */
  imageId?: string
}

export const isImage = (code: PackagedCode | ContainerImage): code is ContainerImage => 'containerUri' in code

export function artifactOf({ codeConfiguration, containerConfiguration }: AgentRuntimeArtifact): PackagedCode | ContainerImage {
  if (containerConfiguration) return { containerUri: containerConfiguration.containerUri }
  if (!codeConfiguration) throw invalid('agentRuntimeArtifact', 'must hold codeConfiguration or containerConfiguration')
  const { s3 } = codeConfiguration.code
  if (!s3) throw invalid('agentRuntimeArtifact.codeConfiguration.code', 'must hold the member s3')
  if (s3.versionId !== undefined)
    throw unsupportedMember('agentRuntimeArtifact.codeConfiguration.code.s3.versionId', 'buckets here keep one version of an object; leave it out.')
  const entryPoint = codeConfiguration.entryPoint
  const at = isInstrumented(entryPoint) ? 1 : 0
  if (at === 1 && !codeConfiguration.runtime.startsWith('PYTHON'))
    throw invalid('agentRuntimeArtifact.codeConfiguration.entryPoint[0]', `opentelemetry-instrument starts Python, not ${codeConfiguration.runtime}`)
  checkEntryPath(entryPoint[at] ?? '', at)
  return { bucket: s3.bucket, key: s3.prefix, runtime: codeConfiguration.runtime as CodeRuntime, entryPoint }
}

export function presentArtifact(code: PackagedCode | ContainerImage): AgentRuntimeArtifact {
  if (isImage(code)) return { containerConfiguration: { containerUri: code.containerUri } }
  const { bucket, key, runtime, entryPoint } = code
  return { codeConfiguration: { code: { s3: { bucket, prefix: key } }, runtime, entryPoint } }
}

function checkEntryPath(file: string, at: number) {
  const isInside = file !== '' && !file.startsWith('/') && !file.includes('\\') && !file.includes('\0') && !file.split('/').includes('..')
  if (!isInside)
    throw invalid(
      `agentRuntimeArtifact.codeConfiguration.entryPoint[${at}]`,
      `"${file}" must be the path of a file inside the package, such as main.py`,
    )
}
