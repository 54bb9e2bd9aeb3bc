import { ServiceError } from '#kernel/errors.js'
import type { Step } from '#wire/pipeline.js'

export const checkHost: Step = ({ request, response, requestId }, { allowedHosts }) => {
  const host = request.headers.host ?? ''
  if (allowedHosts(host)) return
  response.setHeader('x-amzn-requestid', requestId)
  throw new ServiceError(
    'MisdirectedRequestException',
    `This platform does not answer for the host "${host.slice(0, 255)}". Use a loopback name, or start it with AGENTWORKS_ALLOWED_HOSTS set to a list that has this name.`,
  )
}
