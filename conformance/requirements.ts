// What we promise to AWS clients: one sentence, its source, and the operations it speaks of. Scenarios cite the id.
import { attacks } from './requirements-of-attacks.ts'
import { callers } from './requirements-of-callers.ts'
import { consent } from './requirements-of-consent.ts'
import { fixedHosts } from './requirements-of-fixed-hosts.ts'
import { instances } from './requirements-of-instances.ts'
import { issuer } from './requirements-of-issuer.ts'
import { jwt } from './requirements-of-jwt.ts'
import { memory } from './requirements-of-memory.ts'
import { tokens } from './requirements-of-tokens.ts'
import { vault } from './requirements-of-vault.ts'

export interface Requirement {
  promise: string
  /** Where AWS says so. DG: developer guide; API: service model. */
  source: string
  operations: readonly string[]
}

export const requirements = {
  'runtime.create': {
    promise: 'A runtime made from a zip in S3 goes from CREATING to READY, at version 1, with the endpoint DEFAULT',
    source: 'DG runtime-get-started, agent-runtime-versioning',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime', 'GetAgentRuntimeEndpoint'],
  },
  'runtime.create.python': {
    promise: 'A Python program that listens on 8080 runs unmodified',
    source: 'DG runtime-http-protocol-contract',
    operations: ['CreateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'runtime.create.instrumented': {
    promise: 'An entryPoint that begins with opentelemetry-instrument starts the OpenTelemetry of its package, or says what to add to it',
    source: 'DG runtime-code-deploy, observability-configure',
    operations: ['CreateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'runtime.create.container': {
    promise: 'A container image runs with its own command and user, and answers in an isolated session of its own',
    source: 'DG runtime-get-started-toolkit; API ContainerConfiguration',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime', 'UpdateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'runtime.create.bad-image': {
    promise: 'An image that is missing, or of another architecture, ends in CREATE_FAILED with what to type',
    source: 'API ContainerConfiguration, AgentRuntimeStatus',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime'],
  },
  'runtime.create.bad-package': {
    promise: 'A package that cannot run ends in CREATE_FAILED with a reason that can be acted on',
    source: 'API AgentRuntimeStatus',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime'],
  },
  'runtime.update': {
    promise: 'An update makes a new immutable version that DEFAULT follows, while a running session keeps its own',
    source: 'DG agent-runtime-versioning',
    operations: ['UpdateAgentRuntime', 'ListAgentRuntimeVersions', 'InvokeAgentRuntime'],
  },
  'runtime.list': {
    promise: 'Lists are paged by maxResults and nextToken',
    source: 'API ListAgentRuntimes',
    operations: ['ListAgentRuntimes', 'ListAgentRuntimeVersions', 'ListAgentRuntimeEndpoints'],
  },
  'runtime.delete': {
    promise: 'A deleted runtime is DELETING, then gone, with its endpoints and sessions',
    source: 'API DeleteAgentRuntime',
    operations: ['DeleteAgentRuntime'],
  },
  'runtime.idempotent': {
    promise: 'The same clientToken twice makes one runtime; with other parameters it is refused',
    source: 'API clientToken',
    operations: ['CreateAgentRuntime'],
  },
  'endpoint.named': {
    promise: 'A named endpoint serves the version it was given until it is moved',
    source: 'DG agent-runtime-versioning',
    operations: ['CreateAgentRuntimeEndpoint', 'UpdateAgentRuntimeEndpoint', 'ListAgentRuntimeEndpoints', 'DeleteAgentRuntimeEndpoint'],
  },
  'invoke.session': {
    promise: 'One instance for each session id: state is kept within it and not shared',
    source: 'DG runtime-sessions',
    operations: ['InvokeAgentRuntime'],
  },
  'invoke.stream': {
    promise: 'Server-sent events arrive piece by piece, as the agent sends them',
    source: 'DG runtime-http-protocol-contract',
    operations: ['InvokeAgentRuntime'],
  },
  'invoke.headers': {
    promise: 'The agent gets the documented headers and the allow-listed ones, and no others',
    source: 'DG runtime-header-allowlist',
    operations: ['InvokeAgentRuntime'],
  },
  'headers.allow-list': {
    promise: 'The allow-list takes 20 names and refuses restricted, doubled and malformed ones by name; a value has 4 KB at most',
    source: 'DG runtime-header-allowlist',
    operations: ['CreateAgentRuntime', 'InvokeAgentRuntime'],
  },
  'headers.trace': {
    promise: 'Trace headers and baggage go in and come back within their limits; a head that is too large is a clean refusal',
    source: 'API InvokeAgentRuntimeRequest',
    operations: ['InvokeAgentRuntime'],
  },
  'headers.user': {
    promise: 'A user id is the platform’s to know, not the agent’s: it needs an action of its own and no header carries it on',
    source: 'DG runtime-oauth, API InvokeAgentRuntimeForUser',
    operations: ['InvokeAgentRuntime'],
  },
  'invoke.large': {
    promise: 'A payload of 100 MB passes through; one byte more is refused',
    source: 'API InvokeAgentRuntimeRequest.payload',
    operations: ['InvokeAgentRuntime'],
  },
  'invoke.agent-fails': {
    promise: 'An agent that fails, exits or breaks off is a RuntimeClientError or a clean end, and the next call starts afresh',
    source: 'DG runtime-troubleshooting',
    operations: ['InvokeAgentRuntime'],
  },
  'storage.lives': {
    promise: 'Session storage outlives stop, restart and kill of the platform, belongs to one session, and is wiped by another version',
    source: 'DG runtime-persistent-filesystems',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime', 'UpdateAgentRuntime', 'DeleteAgentRuntime', 'InvokeAgentRuntime', 'StopRuntimeSession'],
  },
  'storage.bounded': {
    promise: 'Session storage holds a gigabyte: the next byte is ENOSPC inside, and nobody else notices; it carries no devices',
    source: 'DG runtime-persistent-filesystems',
    operations: ['InvokeAgentRuntime'],
  },
  'storage.refused': {
    promise: 'File systems that are not served, and mount paths that cannot be, are refused by name',
    source: 'API FilesystemConfiguration',
    operations: ['CreateAgentRuntime'],
  },
  'protocols.kept': {
    promise: 'A version keeps its server protocol, and sessions of it listen on that protocol’s port',
    source: 'DG runtime-service-contract',
    operations: ['CreateAgentRuntime', 'UpdateAgentRuntime', 'GetAgentRuntime', 'InvokeAgentRuntime'],
  },
  'protocols.mcp.stateless': {
    promise: 'A stateless MCP server gets a session id from the platform, by which the official client stays with its instance',
    source: 'DG runtime-mcp-protocol-contract',
    operations: ['InvokeAgentRuntime'],
  },
  'protocols.mcp.stateful': {
    promise: 'A stateful MCP server’s own session id leads back to its instance: elicitation and progress work with the official client',
    source: 'DG mcp-stateful-features',
    operations: ['InvokeAgentRuntime'],
  },
  'protocols.mcp.errors': {
    promise: 'What is refused of MCP is a JSON-RPC error with the id of the request and the documented code',
    source: 'DG runtime-mcp-protocol-contract, runtime-troubleshooting',
    operations: ['InvokeAgentRuntime'],
  },
  'protocols.a2a': {
    promise: 'An A2A agent is found by its card and spoken to by the official client, in 1.0 and in 0.3',
    source: 'DG runtime-a2a-protocol-contract',
    operations: ['InvokeAgentRuntime', 'GetAgentCard'],
  },
  'protocols.a2a.errors': {
    promise: 'What is refused of A2A has its HTTP status, a JSON-RPC body, and a name and message that AWS’s SDK finds',
    source: 'DG runtime-a2a-protocol-contract, runtime-troubleshooting',
    operations: ['InvokeAgentRuntime', 'GetAgentCard'],
  },
  'protocols.agui': {
    promise: 'An AG-UI agent’s events reach the official client, and a failure becomes the event RUN_ERROR',
    source: 'DG runtime-agui-protocol-contract',
    operations: ['InvokeAgentRuntime'],
  },
  'session.own': {
    promise: 'A session id means nothing outside its runtime, account and Region; inside them it is who knows it that uses it',
    source: 'DG runtime-sessions',
    operations: ['InvokeAgentRuntime', 'StopRuntimeSession'],
  },
  'session.busy': {
    promise: 'A session whose agent says HealthyBusy is ACTIVE while the work lasts, and IDLE after it',
    source: 'DG runtime-sessions, runtime-long-run',
    operations: ['InvokeAgentRuntime'],
  },
  'session.quota': {
    promise: 'One session more than the platform may run is 402; what runs goes on, and what ends makes room',
    source: 'DG bedrock-agentcore-limits',
    operations: ['InvokeAgentRuntime'],
  },
  'session.stop': {
    promise: 'A stopped session ends at once; the same id then starts afresh; an unknown one is 404',
    source: 'DG runtime-sessions',
    operations: ['StopRuntimeSession', 'InvokeAgentRuntime'],
  },
  'tags.all': {
    promise: 'Runtimes and endpoints are tagged on create and later',
    source: 'API TagResource',
    operations: ['TagResource', 'UntagResource', 'ListTagsForResource'],
  },
  'models.converse': {
    promise: 'Converse and ConverseStream answer over HTTP/2 in clear text, as the stock JavaScript client speaks',
    source: 'API bedrock-runtime',
    operations: ['Converse', 'ConverseStream'],
  },
  'models.tools': {
    promise: 'A model asks for a tool and answers from its result, whole and streamed',
    source: 'API bedrock-runtime ToolConfiguration',
    operations: ['Converse', 'ConverseStream'],
  },
  'models.refused': {
    promise: 'A model request that cannot be served is refused with the member that is to blame',
    source: 'contract: every field answers',
    operations: ['Converse', 'ConverseStream'],
  },
  's3.objects': {
    promise: 'Objects are put, described, read in ranges, listed, copied and deleted, with the checksums that current SDKs send by default',
    source: 'API s3',
    operations: [
      'CreateBucket',
      'ListBuckets',
      'HeadBucket',
      'DeleteBucket',
      'PutObject',
      'GetObject',
      'HeadObject',
      'CopyObject',
      'DeleteObject',
      'DeleteObjects',
      'ListObjects',
      'ListObjectsV2',
      'GetBucketLocation',
    ],
  },
  's3.streams': {
    promise: 'A streamed body arrives by aws-chunked with its checksum in the trailer, and a wrong checksum stores nothing',
    source: 'API s3 sigv4-streaming-trailers',
    operations: ['PutObject'],
  },
  's3.multipart': {
    promise: 'An upload in parts becomes one object, or nothing when it is aborted',
    source: 'API s3 multipart uploads',
    operations: [
      'CreateMultipartUpload',
      'UploadPart',
      'UploadPartCopy',
      'CompleteMultipartUpload',
      'AbortMultipartUpload',
      'ListParts',
      'ListMultipartUploads',
    ],
  },
  's3.presigned': {
    promise: 'A presigned URL reads or writes without further credentials, for as long as it says',
    source: 'API s3 sigv4-query-string-auth',
    operations: ['GetObject', 'PutObject'],
  },
  'sts.identity': {
    promise: 'GetCallerIdentity names the signer, and everything else of STS is refused by name',
    source: 'API sts',
    operations: ['GetCallerIdentity'],
  },
  'sandbox.inside': {
    promise: 'An agent reaches the platform by the stock SDK with its session’s own credentials, which may do no more than its role',
    source: 'contract: inside a session',
    operations: ['InvokeAgentRuntime', 'GetCallerIdentity'],
  },
  'sandbox.role': {
    promise: 'Code inside may do no more than its role: the refusal names the action and the role',
    source: 'contract: roles',
    operations: ['CreateAgentRuntime', 'PutObject'],
  },
  'sandbox.entrance': {
    promise: 'Inside a session only its own credentials are accepted, and outside they end with it',
    source: 'contract: inside a session',
    operations: ['GetCallerIdentity', 'StopRuntimeSession'],
  },
  'sandbox.walls': {
    promise: 'The agent sees its code read-only, a private working folder and nothing of the host: files, network, processes',
    source: 'DG runtime-sessions, contract: inside a session',
    operations: ['InvokeAgentRuntime'],
  },
  'network.modes': {
    promise:
      'networkMode PUBLIC and VPC are kept and enforced: from inside, neither reaches the host, private ranges or the metadata address; ids of a VPC without a meaning are refused with the line to add',
    source: 'contract: inside a session',
    operations: ['CreateAgentRuntime', 'GetAgentRuntime', 'InvokeAgentRuntime'],
  },
  'sandbox.environment': {
    promise: 'The environment inside is exactly what the runtime version says and the documented variables',
    source: 'contract: inside a session',
    operations: ['InvokeAgentRuntime'],
  },
  'refused.by-name': {
    promise: 'An operation that does not execute is refused by name with 501, and the stock client reads it',
    source: 'contract: every field answers',
    operations: [],
  },
  'command.run': {
    promise: 'A command is a new bash in the session, with the environment and files of its agent; its output and exit code come as events',
    source: 'DG runtime-execute-command; API InvokeAgentRuntimeCommand',
    operations: ['InvokeAgentRuntimeCommand', 'InvokeAgentRuntime'],
  },
  'command.stream': {
    promise: 'The output of a command comes while it runs, beside other commands, whole whatever its size',
    source: 'API InvokeAgentRuntimeCommandStreamOutput',
    operations: ['InvokeAgentRuntimeCommand'],
  },
  'command.timeout': {
    promise: 'A command that takes too long is ended with its children and TIMED_OUT; lengths and timeouts out of bounds are refused by name',
    source: 'API InvokeAgentRuntimeCommandRequestBody',
    operations: ['InvokeAgentRuntimeCommand'],
  },
  'command.gone': {
    promise: 'A client that leaves ends its command; a session that is stopped ends its commands, which is told in the stream',
    source: 'DG runtime-execute-command',
    operations: ['InvokeAgentRuntimeCommand', 'StopRuntimeSession'],
  },
  'shell.open': {
    promise: 'A shell is bash on a terminal inside the session: it has a size, takes the keys for signals, and tells its exit',
    source: 'DG runtime-get-started-command-shell',
    operations: [],
  },
  'shell.again': {
    promise: 'A shell is found again by session and shell id, with its output so far; a second client takes it over, channel 255 ends it',
    source: 'DG runtime-get-started-command-shell',
    operations: [],
  },
  'shell.bounds': {
    promise: 'Frames over 64 KB, more than 250 a second, text, and an eleventh shell are refused with the codes that AWS gives',
    source: 'DG runtime-get-started-command-shell',
    operations: [],
  },
  'refused.services': {
    promise: 'A service that is not served is refused with 501 in its own error form, with the variable that sends it elsewhere',
    source: 'contract: one port',
    operations: [],
  },
  ...fixedHosts,
  'websocket.stream': {
    promise:
      'A WebSocket of a runtime reaches its agent’s /ws: text and binary in both directions, in the process that invocations of the session find',
    source: 'DG runtime-get-started-websocket',
    operations: [],
  },
  'websocket.python': {
    promise: 'A Python agent’s WebSocket is reached unmodified, and a session id is made where none is given',
    source: 'DG runtime-get-started-websocket',
    operations: [],
  },
  'websocket.presigned': {
    promise:
      'A presigned address opens for at most 300 s; session id and allow-listed custom headers in its query reach the agent, its signature does not',
    source: 'DG runtime-get-started-websocket',
    operations: [],
  },
  'websocket.refused': {
    promise: 'What cannot be opened is refused before the upgrade, in the form of every other error; an agent without /ws is 424',
    source: 'DG runtime-get-started-websocket, runtime-troubleshooting',
    operations: [],
  },
  'websocket.limits': {
    promise: 'Messages over 64 KB close a WebSocket with 1009, more than 250 frames in a second with 1008',
    source: 'DG bedrock-agentcore-limits',
    operations: [],
  },
  'websocket.ends': {
    promise: 'A WebSocket ends with 1011 when its agent breaks off, with 1001 when its session or the platform stops',
    source: 'DG runtime-get-started-websocket',
    operations: [],
  },
  'platform.stop': {
    promise: 'SIGTERM lets requests in flight end, stops every session and exits 0',
    source: 'contract: start',
    operations: [],
  },
  'platform.one': {
    promise: 'A second start on the same data folder exits 1 and names the first',
    source: 'contract: data folder',
    operations: [],
  },
  'platform.private': {
    promise: 'The data folder is closed to others, the port is on loopback, and opening it says so',
    source: 'contract: data folder',
    operations: [],
  },
  'platform.health': { promise: 'GET /health answers without a signature', source: 'contract: one port', operations: [] },
  ...instances,
  ...callers,
  ...consent,
  ...issuer,
  ...jwt,
  ...vault,
  ...tokens,
  ...memory,
  'platform.unruly-agents': {
    promise:
      'An agent that floods its output, fills its disk, eats memory or forks without end troubles neither the platform nor its neighbours, and ends with a killed platform',
    source: 'mission',
    operations: ['InvokeAgentRuntime'],
  },
  ...attacks,
  'crash.survives': {
    promise: 'What was acknowledged survives kill -9, and nothing is left running or stuck',
    source: 'mission',
    operations: ['CreateAgentRuntime', 'InvokeAgentRuntime'],
  },
} as const satisfies Record<string, Requirement>

export type RequirementId = keyof typeof requirements
