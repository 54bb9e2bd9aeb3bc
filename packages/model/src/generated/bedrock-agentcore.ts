// Written by tools/generate-model. Do not edit: change the generator or the sources, then run `npm run generate-model`.
import type { Readable } from 'node:stream'

export interface A2aDescriptor {
  agentCard?: AgentCardDefinition
}

export type ABTestEvaluationConfig =
  | { onlineEvaluationConfigArn: string; perVariantOnlineEvaluationConfig?: undefined }
  | { perVariantOnlineEvaluationConfig: PerVariantOnlineEvaluationConfig[]; onlineEvaluationConfigArn?: undefined }

export type ABTestExecutionStatus = 'PAUSED' | 'RUNNING' | 'STOPPED' | 'NOT_STARTED'

export interface ABTestResults {
  evaluatorMetrics: EvaluatorMetric[]
  analysisTimestamp?: number
}

export type ABTestStatus = 'CREATING' | 'ACTIVE' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'DELETING' | 'DELETE_FAILED' | 'FAILED'

export interface ABTestSummary {
  abTestId: string
  abTestArn: string
  name: string
  status: ABTestStatus
  executionStatus: ABTestExecutionStatus
  createdAt: number
  updatedAt: number
  description?: string
  gatewayArn?: string
}

export interface AccessDeniedException {
  message?: string
}

export type Action =
  | { configurationBundle: ConfigurationBundleAction; routeToTarget?: undefined }
  | { routeToTarget: RouteToTargetAction; configurationBundle?: undefined }

export interface ActorSummary {
  actorId: string
}

export type ActorTokenContentType = 'NONE' | 'M2M' | 'AWS_IAM_ID_TOKEN_JWT'

export interface AddDatasetExamplesRequest {
  datasetId: string
  source: DataSourceType
  clientToken?: string
}

export interface AddDatasetExamplesResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  addedCount: number
  updatedAt: number
  exampleIds: string[]
}

export interface AffectedSession {
  sessionId: string
  explanation: string
  fixType: string
  recommendation: string
  failureSpans: FailureSpanDetail[]
}

export interface AgentCardDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export type AgentManagedRuntimeType = 'PYTHON_3_10' | 'PYTHON_3_11' | 'PYTHON_3_12' | 'PYTHON_3_13' | 'PYTHON_3_14' | 'NODE_22'

export interface AgentRuntime {
  agentRuntimeArn: string
  agentRuntimeId: string
  agentRuntimeVersion: string
  agentRuntimeName: string
  description: string
  lastUpdatedAt: number
  status: AgentRuntimeStatus
}

export type AgentRuntimeArtifact =
  | { containerConfiguration: ContainerConfiguration; codeConfiguration?: undefined }
  | { codeConfiguration: CodeConfiguration; containerConfiguration?: undefined }

export interface AgentRuntimeEndpoint {
  name: string
  agentRuntimeEndpointArn: string
  agentRuntimeArn: string
  status: AgentRuntimeEndpointStatus
  id: string
  createdAt: number
  lastUpdatedAt: number
  liveVersion?: string
  targetVersion?: string
  description?: string
}

export type AgentRuntimeEndpointStatus = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export type AgentRuntimeStatus = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export interface AgentRuntimeVersionSummary {
  agentRuntimeArn: string
  agentRuntimeVersion: string
  status: AgentRuntimeStatus
}

export interface AgentSkillsDescriptor {
  skillMd?: SkillMdDefinition
  skillDefinition?: SkillDefinition
}

export type AgentTracesConfig =
  | { sessionSpans: unknown[]; cloudwatchLogs?: undefined; batchEvaluation?: undefined; onlineEvaluation?: undefined }
  | { cloudwatchLogs: CloudWatchLogsTraceConfig; sessionSpans?: undefined; batchEvaluation?: undefined; onlineEvaluation?: undefined }
  | { batchEvaluation: BatchEvaluationTraceConfig; sessionSpans?: undefined; cloudwatchLogs?: undefined; onlineEvaluation?: undefined }
  | { onlineEvaluation: OnlineEvaluationTraceConfig; sessionSpans?: undefined; cloudwatchLogs?: undefined; batchEvaluation?: undefined }

export interface AllowedWorkloadConfiguration {
  hostingEnvironments?: HostingEnvironment[]
  workloadIdentities?: string[]
}

export interface Amount {
  value: string
  currency: Currency
}

export interface ApiGatewayTargetConfiguration {
  restApiId: string
  stage: string
  apiGatewayToolConfiguration: ApiGatewayToolConfiguration
}

export interface ApiGatewayToolConfiguration {
  toolFilters: ApiGatewayToolFilter[]
  toolOverrides?: ApiGatewayToolOverride[]
}

export interface ApiGatewayToolFilter {
  filterPath: string
  methods: RestApiMethod[]
}

export interface ApiGatewayToolOverride {
  name: string
  path: string
  method: RestApiMethod
  description?: string
}

export type ApiKeyCredentialLocation = 'HEADER' | 'QUERY_PARAMETER'

export interface ApiKeyCredentialProviderItem {
  name: string
  credentialProviderArn: string
  createdTime: number
  lastUpdatedTime: number
}

export type ApiSchemaConfiguration =
  | { s3: S3Configuration; inlinePayload?: undefined }
  | { inlinePayload: string; s3?: undefined }

export interface ApprovalConfiguration {
  autoApproval?: boolean
}

export interface AtlassianOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface AtlassianOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export type AuthorizationData =
  | { oauth2: OAuth2AuthorizationData }

export type AuthorizerConfiguration =
  | { customJWTAuthorizer: CustomJWTAuthorizerConfiguration }

export type AuthorizerType = 'CUSTOM_JWT' | 'AWS_IAM' | 'NONE' | 'AUTHENTICATE_ONLY'

export interface AuthorizingClaimMatchValueType {
  claimMatchValue: ClaimMatchValueType
  claimMatchOperator: ClaimMatchOperatorType
}

export interface AutomationStream {
  streamEndpoint: string
  streamStatus: AutomationStreamStatus
}

export type AutomationStreamStatus = 'ENABLED' | 'DISABLED'

export interface AutomationStreamUpdate {
  streamStatus?: AutomationStreamStatus
}

export interface AvailableLimits {
  availableSpendAmount?: Amount
  updatedAt?: number
}

export interface BasicAuth {
  secretArn: string
}

export interface BatchCreateMemoryRecordsInput {
  memoryId: string
  records: MemoryRecordCreateInput[]
  clientToken?: string
}

export interface BatchCreateMemoryRecordsOutput {
  successfulRecords: MemoryRecordOutput[]
  failedRecords: MemoryRecordOutput[]
}

export interface BatchDeleteMemoryRecordsInput {
  memoryId: string
  records: MemoryRecordDeleteInput[]
}

export interface BatchDeleteMemoryRecordsOutput {
  successfulRecords: MemoryRecordOutput[]
  failedRecords: MemoryRecordOutput[]
}

export type BatchEvaluationStatus = 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'COMPLETED_WITH_ERRORS' | 'FAILED' | 'STOPPING' | 'STOPPED' | 'DELETING'

export interface BatchEvaluationSummary {
  batchEvaluationId: string
  batchEvaluationArn: string
  batchEvaluationName: string
  status: BatchEvaluationStatus
  createdAt: number
  description?: string
  evaluators?: Evaluator[]
  insights?: Insight[]
  evaluationResults?: EvaluationJobResults
  errorDetails?: string[]
  kmsKeyArn?: string
  updatedAt?: number
}

export interface BatchEvaluationTraceConfig {
  batchEvaluationArn: string
}

export interface BatchPutGatewayRateLimitsRequest {
  gatewayIdentifier: string
  rateLimits: BatchPutLimitEntry[]
  clientToken?: string
}

export interface BatchPutGatewayRateLimitsResponse {
  rateLimits: GatewayRateLimitDetail[]
}

export interface BatchPutLimitEntry {
  dimensionKeys: string[]
  entries: LimitEntry[]
  rateLimitId?: string
  description?: string
}

export interface BatchUpdateMemoryRecordsInput {
  memoryId: string
  records: MemoryRecordUpdateInput[]
}

export interface BatchUpdateMemoryRecordsOutput {
  successfulRecords: MemoryRecordOutput[]
  failedRecords: MemoryRecordOutput[]
}

export interface BedrockEvaluatorModelConfig {
  modelId: string
  inferenceConfig?: InferenceConfiguration
  additionalModelRequestFields?: unknown
}

export type BlockchainChainId = 'BASE' | 'BASE_SEPOLIA' | 'ETHEREUM' | 'SOLANA' | 'SOLANA_DEVNET'

export interface Branch {
  name: string
  rootEventId?: string
}

export interface BranchFilter {
  name: string
  includeParentBranches?: boolean
}

export type BrowserAction =
  | { mouseClick: MouseClickArguments; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseMove: MouseMoveArguments; mouseClick?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseDrag: MouseDragArguments; mouseClick?: undefined; mouseMove?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseScroll: MouseScrollArguments; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyType: KeyTypeArguments; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyPress: KeyPressArguments; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyShortcut: KeyShortcutArguments; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; screenshot?: undefined }
  | { screenshot: ScreenshotArguments; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined }

export type BrowserActionResult =
  | { mouseClick: MouseClickResult; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseMove: MouseMoveResult; mouseClick?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseDrag: MouseDragResult; mouseClick?: undefined; mouseMove?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { mouseScroll: MouseScrollResult; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyType: KeyTypeResult; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyPress?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyPress: KeyPressResult; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyShortcut?: undefined; screenshot?: undefined }
  | { keyShortcut: KeyShortcutResult; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; screenshot?: undefined }
  | { screenshot: ScreenshotResult; mouseClick?: undefined; mouseMove?: undefined; mouseDrag?: undefined; mouseScroll?: undefined; keyType?: undefined; keyPress?: undefined; keyShortcut?: undefined }

export type BrowserActionStatus = 'SUCCESS' | 'FAILED'

export interface BrowserEnterprisePolicy {
  location: ResourceLocation
  type?: BrowserEnterprisePolicyType
}

export type BrowserEnterprisePolicyType = 'MANAGED' | 'RECOMMENDED'

export interface BrowserExtension {
  location: DataResourceLocation
}

export interface BrowserNetworkConfiguration {
  networkMode: BrowserNetworkMode
  vpcConfig?: VpcConfig
}

export type BrowserNetworkMode = 'PUBLIC' | 'VPC'

export interface BrowserProfileConfiguration {
  profileIdentifier: string
}

export type BrowserProfileStatus = 'READY' | 'DELETING' | 'DELETED' | 'SAVING'

export interface BrowserProfileSummary {
  profileId: string
  profileArn: string
  name: string
  status: BrowserProfileStatus
  createdAt: number
  lastUpdatedAt: number
  description?: string
  lastSavedAt?: number
  lastSavedBrowserSessionId?: string
  lastSavedBrowserId?: string
}

export type BrowserSessionStatus = 'READY' | 'TERMINATED'

export interface BrowserSessionStream {
  automationStream: AutomationStream
  liveViewStream?: LiveViewStream
}

export interface BrowserSessionSummary {
  browserIdentifier: string
  sessionId: string
  status: BrowserSessionStatus
  createdAt: number
  name?: string
  lastUpdatedAt?: number
}

export interface BrowserSigningConfigInput {
  enabled: boolean
}

export interface BrowserSigningConfigOutput {
  enabled: boolean
}

export type BrowserStatus = 'CREATING' | 'CREATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED' | 'DELETED'

export interface BrowserSummary {
  browserId: string
  browserArn: string
  status: BrowserStatus
  createdAt: number
  name?: string
  description?: string
  lastUpdatedAt?: number
}

export interface CapacityProviderConfiguration {
  capacityProviderArn: string
}

export type CapacityProviderSessionStatus = 'Provisioning' | 'Deprovisioning' | 'Active' | 'Deleting' | 'Deleted' | 'Stopped'

export type CapacityProviderStatus = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export type CapacityProviderStatusCode = 'VALIDATION_ERROR' | 'QUOTA_EXCEEDED' | 'THROTTLED' | 'INTERNAL_SERVER_EXCEPTION'

export interface CapacityProviderSummary {
  capacityProviderId: string
  capacityProviderArn: string
  name: string
  status: CapacityProviderStatus
  lastUpdatedAt: number
}

export interface CapacityProviderVolumeConfiguration {
  volumeName: string
  mountPath: string
}

export type CapacityReservationPreference = 'capacity-reservations-only' | 'open' | 'none'

export interface CapacityReservationSpecification {
  capacityReservationPreference?: CapacityReservationPreference
  capacityReservationTarget?: CapacityReservationTarget
}

export interface CapacityReservationTarget {
  capacityReservationId?: string
  capacityReservationResourceGroupArn?: string
}

export interface CategoricalScaleDefinition {
  definition: string
  label: string
}

export interface CedarPolicy {
  statement: string
}

export interface Certificate {
  location: CertificateLocation
}

export type CertificateLocation =
  | { secretsManager: SecretsManagerLocation }

export type ClaimMatchOperatorType = 'EQUALS' | 'CONTAINS' | 'CONTAINS_ANY'

export type ClaimMatchValueType =
  | { matchValueString: string; matchValueStringList?: undefined }
  | { matchValueStringList: string[]; matchValueString?: undefined }

export type ClientAuthenticationMethodType = 'CLIENT_SECRET_BASIC' | 'CLIENT_SECRET_POST' | 'AWS_IAM_ID_TOKEN_JWT' | 'PRIVATE_KEY_JWT'

export interface CloudWatchFilterConfig {
  sessionIds?: string[]
  timeRange?: SessionFilterConfig
  sessionTraceIds?: SessionTraceIds[]
}

export interface CloudWatchLogsFilter {
  key: string
  operator: CloudWatchLogsFilterOperator
  value: DataFilterValue
}

export type CloudWatchLogsFilterOperator = 'Equals' | 'NotEquals' | 'GreaterThan' | 'LessThan' | 'GreaterThanOrEqual' | 'LessThanOrEqual' | 'Contains' | 'NotContains'

export interface CloudWatchLogsInputConfig {
  serviceNames: string[]
  logGroupNames?: string[]
  logGroupNamePrefixes?: string[]
}

export interface CloudWatchLogsRule {
  filters?: CloudWatchLogsFilter[]
}

export interface CloudWatchLogsSource {
  serviceNames: string[]
  logGroupNames?: string[]
  logGroupNamePrefixes?: string[]
  filterConfig?: CloudWatchFilterConfig
}

export interface CloudWatchLogsTraceConfig {
  logGroupArns: string[]
  serviceNames: string[]
  startTime: number
  endTime: number
  rule?: CloudWatchLogsRule
}

export interface CloudWatchOutputConfig {
  logGroupName?: string
  metricsNamespace?: string
  resultDestination?: ResultDestination
}

export interface ClusteringConfig {
  frequencies: ClusteringFrequency[]
}

export type ClusteringFrequency = 'DAILY' | 'WEEKLY' | 'MONTHLY'

export type Code =
  | { s3: S3Location }

export type CodeBasedEvaluatorConfig =
  | { lambdaConfig: LambdaEvaluatorConfig }

export interface CodeConfiguration {
  code: Code
  runtime: AgentManagedRuntimeType
  entryPoint: string[]
}

export interface CodeInterpreterNetworkConfiguration {
  networkMode: CodeInterpreterNetworkMode
  vpcConfig?: VpcConfig
}

export type CodeInterpreterNetworkMode = 'PUBLIC' | 'SANDBOX' | 'VPC'

export interface CodeInterpreterResult {
  content: ContentBlock[]
  structuredContent?: ToolResultStructuredContent
  isError?: boolean
}

export type CodeInterpreterSessionStatus = 'READY' | 'TERMINATED'

export interface CodeInterpreterSessionSummary {
  codeInterpreterIdentifier: string
  sessionId: string
  status: CodeInterpreterSessionStatus
  createdAt: number
  name?: string
  lastUpdatedAt?: number
}

export type CodeInterpreterStatus = 'CREATING' | 'CREATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED' | 'DELETED'

export type CodeInterpreterStreamOutput =
  | { result: CodeInterpreterResult; accessDeniedException?: undefined; conflictException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { accessDeniedException: AccessDeniedException; result?: undefined; conflictException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { conflictException: ConflictException; result?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { internalServerException: InternalServerException; result?: undefined; accessDeniedException?: undefined; conflictException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { resourceNotFoundException: ResourceNotFoundException; result?: undefined; accessDeniedException?: undefined; conflictException?: undefined; internalServerException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { serviceQuotaExceededException: ServiceQuotaExceededException; result?: undefined; accessDeniedException?: undefined; conflictException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; throttlingException?: undefined; validationException?: undefined }
  | { throttlingException: ThrottlingException; result?: undefined; accessDeniedException?: undefined; conflictException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; validationException?: undefined }
  | { validationException: ValidationException; result?: undefined; accessDeniedException?: undefined; conflictException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined }

export interface CodeInterpreterSummary {
  codeInterpreterId: string
  codeInterpreterArn: string
  status: CodeInterpreterStatus
  createdAt: number
  name?: string
  description?: string
  lastUpdatedAt?: number
}

export interface CoinbaseCdpConfigurationInput {
  apiKeyId: string
  apiKeySecret?: string
  apiKeySecretSource?: SecretSourceType
  apiKeySecretConfig?: SecretReference
  walletSecret?: string
  walletSecretSource?: SecretSourceType
  walletSecretConfig?: SecretReference
}

export interface CoinbaseCdpConfigurationOutput {
  apiKeyId: string
  apiKeySecretArn: Secret
  walletSecretArn: Secret
  apiKeySecretJsonKey?: string
  apiKeySecretSource?: SecretSourceType
  walletSecretJsonKey?: string
  walletSecretSource?: SecretSourceType
}

export interface CoinbaseCdpRotationTargets {
  secrets: CoinbaseCdpSecret[]
}

export type CoinbaseCdpSecret = 'API_KEY' | 'WALLET_SECRET'

export interface CoinbaseCdpTokenRequestInput {
  requestMethod: PaymentHttpMethodType
  requestPath: string
  requestHost?: string
  includeWalletAuthToken?: boolean
  requestBody?: string
}

export interface CoinbaseCdpTokenResponseOutput {
  bearerToken: string
  walletAuthToken?: string
}

export type CommandExecutionStatus = 'COMPLETED' | 'TIMED_OUT'

export interface CompleteResourceTokenAuthRequest {
  userIdentifier: UserIdentifier
  sessionUri: string
}

export interface CompleteResourceTokenAuthResponse {
}

export interface ComponentConfiguration {
  configuration: unknown
}

export type ComputeConfiguration =
  | { ec2Configuration: Ec2Configuration }

export interface ConcurrentModificationException {
  message: string
}

export type Condition =
  | { matchPrincipals: MatchPrincipals; matchPaths?: undefined }
  | { matchPaths: MatchPaths; matchPrincipals?: undefined }

export interface ConfidenceInterval {
  lower?: number
  upper?: number
}

export type ConfigurationBundleAction =
  | { staticOverride: StaticOverride; weightedOverride?: undefined }
  | { weightedOverride: WeightedOverride; staticOverride?: undefined }

export interface ConfigurationBundleRef {
  bundleArn: string
  bundleVersion: string
}

export interface ConfigurationBundleReference {
  bundleArn: string
  bundleVersion: string
}

export type ConfigurationBundleStatus = 'ACTIVE' | 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'DELETING' | 'DELETE_FAILED'

export interface ConfigurationBundleSummary {
  bundleArn: string
  bundleId: string
  bundleName: string
  description?: string
  createdAt?: number
}

export interface ConfigurationBundleToolEntry {
  toolName: string
  toolDescriptionJsonPath: string
}

export interface ConfigurationBundleVersionSummary {
  bundleArn: string
  bundleId: string
  versionId: string
  versionCreatedAt: number
  lineageMetadata?: VersionLineageMetadata
}

export interface ConflictException {
  message?: string
}

export interface ConnectorConfiguration {
  name: string
  description?: string
  parameterValues?: unknown
  parameterOverrides?: ConnectorParameterOverride[]
}

export interface ConnectorParameterOverride {
  path: string
  description?: string
  visible?: boolean
}

export interface ConnectorSource {
  connectorId: string
  version?: string
}

export interface ConnectorTargetConfiguration {
  source: ConnectorSource
  enabled?: string[]
  configurations?: ConnectorConfiguration[]
}

export interface ConsentPortalIdpConfig {
  credentialProviderArn: string
  scopes: string[]
  audience?: string
}

export interface ConsentPortalSource {
  identifier: string
  type: ConsentPortalSourceType
}

export type ConsentPortalSourceType = 'agentcore-gateway'

export type ConsentPortalStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'UPDATE_FAILED' | 'DELETING' | 'FAILED'

export interface ConsentPortalSummary {
  sources: ConsentPortalSource[]
  consentPortalArn: string
  consentPortalId: string
  createdAt: number
  name: string
  status: ConsentPortalStatus
  updatedAt: number
  description?: string
  portalUrl?: string
}

export type ConsolidationConfiguration =
  | { customConsolidationConfiguration: CustomConsolidationConfiguration }

export interface ContainerConfiguration {
  containerUri: string
}

export type Content =
  | { rawText: string }

export interface ContentBlock {
  type: ContentBlockType
  text?: string
  data?: Uint8Array
  mimeType?: string
  uri?: string
  name?: string
  description?: string
  size?: number
  resource?: ResourceContent
}

export type ContentBlockType = 'text' | 'image' | 'resource' | 'resource_link'

export interface ContentConfiguration {
  type: ContentType
  level?: ContentLevel
}

export interface ContentDeltaEvent {
  stdout?: string
  stderr?: string
}

export type ContentLevel = 'METADATA_ONLY' | 'FULL_CONTENT'

export type ContentSource =
  | { inline: InlineMemoryContent }

export interface ContentStartEvent {
}

export interface ContentStopEvent {
  exitCode: number
  status: CommandExecutionStatus
}

export type ContentType = 'MEMORY_RECORDS'

export type Context =
  | { spanContext: SpanContext }

export interface ControlStats {
  variantName: string
  sampleSize: number
  mean: number
}

export interface Conversational {
  content: DataContent
  role: Role
}

export interface CreateABTestRequest {
  name: string
  gatewayArn: string
  variants: Variant[]
  evaluationConfig: ABTestEvaluationConfig
  roleArn: string
  description?: string
  gatewayFilter?: GatewayFilter
  enableOnCreate?: boolean
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateABTestResponse {
  abTestId: string
  abTestArn: string
  status: ABTestStatus
  executionStatus: ABTestExecutionStatus
  createdAt: number
  name?: string
}

export interface CreateAgentRuntimeEndpointRequest {
  agentRuntimeId: string
  name: string
  agentRuntimeVersion?: string
  description?: string
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateAgentRuntimeEndpointResponse {
  targetVersion: string
  agentRuntimeEndpointArn: string
  agentRuntimeArn: string
  status: AgentRuntimeEndpointStatus
  createdAt: number
  agentRuntimeId?: string
  endpointName?: string
}

export interface CreateAgentRuntimeRequest {
  agentRuntimeName: string
  agentRuntimeArtifact: AgentRuntimeArtifact
  roleArn: string
  networkConfiguration?: NetworkConfiguration
  clientToken?: string
  description?: string
  authorizerConfiguration?: AuthorizerConfiguration
  requestHeaderConfiguration?: RequestHeaderConfiguration
  protocolConfiguration?: ProtocolConfiguration
  lifecycleConfiguration?: LifecycleConfiguration
  environmentVariables?: Record<string, string>
  filesystemConfigurations?: FilesystemConfiguration[]
  capacityProviderConfiguration?: CapacityProviderConfiguration
  tags?: Record<string, string>
  platformVersion?: string
}

export interface CreateAgentRuntimeResponse {
  agentRuntimeArn: string
  agentRuntimeId: string
  agentRuntimeVersion: string
  createdAt: number
  status: AgentRuntimeStatus
  workloadIdentityDetails?: WorkloadIdentityDetails
}

export interface CreateApiKeyCredentialProviderRequest {
  name: string
  apiKey?: string
  apiKeySecretConfig?: SecretReference
  apiKeySecretSource?: SecretSourceType
  tags?: Record<string, string>
}

export interface CreateApiKeyCredentialProviderResponse {
  apiKeySecretArn: Secret
  name: string
  credentialProviderArn: string
  apiKeySecretJsonKey?: string
  apiKeySecretSource?: SecretSourceType
}

export interface CreateBrowserProfileRequest {
  name: string
  description?: string
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateBrowserProfileResponse {
  profileId: string
  profileArn: string
  createdAt: number
  status: BrowserProfileStatus
}

export interface CreateBrowserRequest {
  name: string
  networkConfiguration: BrowserNetworkConfiguration
  description?: string
  executionRoleArn?: string
  recording?: RecordingConfig
  browserSigning?: BrowserSigningConfigInput
  enterprisePolicies?: BrowserEnterprisePolicy[]
  certificates?: Certificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateBrowserResponse {
  browserId: string
  browserArn: string
  createdAt: number
  status: BrowserStatus
}

export interface CreateCapacityProviderInput {
  name: string
  permissionsConfiguration: PermissionsConfiguration
  computeConfiguration: ComputeConfiguration
  description?: string
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateCapacityProviderOutput {
  capacityProviderId: string
  capacityProviderArn: string
  name: string
  status: CapacityProviderStatus
}

export interface CreateCodeInterpreterRequest {
  name: string
  networkConfiguration: CodeInterpreterNetworkConfiguration
  description?: string
  executionRoleArn?: string
  certificates?: Certificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateCodeInterpreterResponse {
  codeInterpreterId: string
  codeInterpreterArn: string
  createdAt: number
  status: CodeInterpreterStatus
}

export interface CreateConfigurationBundleRequest {
  bundleName: string
  components: Record<string, ComponentConfiguration>
  clientToken?: string
  description?: string
  branchName?: string
  commitMessage?: string
  createdBy?: VersionCreatedBySource
  kmsKeyArn?: string
  tags?: Record<string, string>
}

export interface CreateConfigurationBundleResponse {
  bundleArn: string
  bundleId: string
  versionId: string
  createdAt: number
}

export interface CreateConsentPortalRequest {
  executionRoleArn: string
  idpConfig: ConsentPortalIdpConfig
  name: string
  sources: ConsentPortalSource[]
  description?: string
  tags?: Record<string, string>
}

export interface CreateConsentPortalResponse {
  sources: ConsentPortalSource[]
  consentPortalArn: string
  consentPortalId: string
  createdAt: number
  executionRoleArn: string
  idpConfig: ConsentPortalIdpConfig
  name: string
  status: ConsentPortalStatus
  updatedAt: number
  description?: string
  portalUrl?: string
  statusReason?: string
}

export interface CreateDatasetRequest {
  datasetName: string
  source: DataSourceType
  schemaType: DatasetSchemaType
  clientToken?: string
  description?: string
  kmsKeyArn?: string
  tags?: Record<string, string>
}

export interface CreateDatasetResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  createdAt: number
}

export interface CreateDatasetVersionRequest {
  datasetId: string
  clientToken?: string
}

export interface CreateDatasetVersionResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  datasetVersion: string
  createdAt: number
}

export interface CreateEvaluatorRequest {
  evaluatorName: string
  evaluatorConfig: EvaluatorConfig
  level: EvaluatorLevel
  clientToken?: string
  description?: string
  kmsKeyArn?: string
  tags?: Record<string, string>
}

export interface CreateEvaluatorResponse {
  evaluatorArn: string
  evaluatorId: string
  createdAt: number
  status: EvaluatorStatus
}

export interface CreateEventInput {
  memoryId: string
  actorId: string
  eventTimestamp: number
  payload: PayloadType[]
  sessionId?: string
  branch?: Branch
  clientToken?: string
  metadata?: Record<string, MetadataValue>
  extractionMode?: ExtractionMode
  extractionConfig?: DataExtractionConfig
}

export interface CreateEventOutput {
  event: Event
}

export interface CreateGatewayRateLimitRequest {
  gatewayIdentifier: string
  dimensionKeys: string[]
  entries: LimitEntry[]
  clientToken?: string
  rateLimitId?: string
  description?: string
}

export interface CreateGatewayRateLimitResponse {
  rateLimitId: string
  gatewayIdentifier: string
  dimensionKeys: string[]
  entries: LimitEntry[]
  status: GatewayRateLimitStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export interface CreateGatewayRequest {
  name: string
  roleArn: string
  authorizerType: AuthorizerType
  description?: string
  clientToken?: string
  protocolType?: GatewayProtocolType
  protocolConfiguration?: GatewayProtocolConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
  kmsKeyArn?: string
  interceptorConfigurations?: GatewayInterceptorConfiguration[]
  policyEngineConfiguration?: GatewayPolicyEngineConfiguration
  exceptionLevel?: ExceptionLevel
  tags?: Record<string, string>
}

export interface CreateGatewayResponse {
  gatewayArn: string
  gatewayId: string
  createdAt: number
  updatedAt: number
  status: GatewayStatus
  name: string
  authorizerType: AuthorizerType
  gatewayUrl?: string
  statusReasons?: string[]
  description?: string
  roleArn?: string
  protocolType?: GatewayProtocolType
  protocolConfiguration?: GatewayProtocolConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
  kmsKeyArn?: string
  customTransformConfiguration?: CustomTransformConfiguration
  interceptorConfigurations?: GatewayInterceptorConfiguration[]
  policyEngineConfiguration?: GatewayPolicyEngineConfiguration
  workloadIdentityDetails?: WorkloadIdentityDetails
  exceptionLevel?: ExceptionLevel
  webAclArn?: string
  wafConfiguration?: WafConfiguration
}

export interface CreateGatewayRuleRequest {
  gatewayIdentifier: string
  priority: number
  actions: Action[]
  clientToken?: string
  conditions?: Condition[]
  description?: string
}

export interface CreateGatewayRuleResponse {
  ruleId: string
  gatewayArn: string
  priority: number
  actions: Action[]
  createdAt: number
  status: GatewayRuleStatus
  conditions?: Condition[]
  description?: string
  system?: SystemManagedBlock
}

export interface CreateGatewayTargetRequest {
  gatewayIdentifier: string
  targetConfiguration: TargetConfiguration
  name?: string
  description?: string
  clientToken?: string
  credentialProviderConfigurations?: CredentialProviderConfiguration[]
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
}

export interface CreateGatewayTargetResponse {
  gatewayArn: string
  targetId: string
  createdAt: number
  updatedAt: number
  status: TargetStatus
  name: string
  targetConfiguration: TargetConfiguration
  credentialProviderConfigurations: CredentialProviderConfiguration[]
  statusReasons?: string[]
  description?: string
  lastSynchronizedAt?: number
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
  privateEndpointManagedResources?: ManagedResourceDetails[]
  authorizationData?: AuthorizationData
  protocolType?: TargetProtocolType
}

export interface CreateHarnessEndpointRequest {
  harnessId: string
  endpointName: string
  targetVersion?: string
  description?: string
  clientToken?: string
  tags?: Record<string, string>
}

export interface CreateHarnessEndpointResponse {
  endpoint: HarnessEndpoint
}

export interface CreateHarnessRequest {
  harnessName: string
  executionRoleArn: string
  clientToken?: string
  environment?: HarnessEnvironmentProviderRequest
  environmentArtifact?: HarnessEnvironmentArtifact
  environmentVariables?: Record<string, string>
  authorizerConfiguration?: AuthorizerConfiguration
  model?: HarnessModelConfiguration
  systemPrompt?: HarnessSystemContentBlock[]
  tools?: HarnessTool[]
  skills?: HarnessSkill[]
  allowedTools?: string[]
  memory?: HarnessMemoryConfiguration
  truncation?: HarnessTruncationConfiguration
  hooks?: HarnessHook[]
  maxIterations?: number
  maxTokens?: number
  timeoutSeconds?: number
  tags?: Record<string, string>
}

export interface CreateHarnessResponse {
  harness: Harness
}

export interface CreateMemoryInput {
  name: string
  eventExpiryDuration: number
  clientToken?: string
  description?: string
  encryptionKeyArn?: string
  memoryExecutionRoleArn?: string
  memoryStrategies?: MemoryStrategyInput[]
  indexedKeys?: IndexedKey[]
  namespaceKeys?: NamespaceKeyEntry[]
  streamDeliveryResources?: StreamDeliveryResources
  tags?: Record<string, string>
}

export interface CreateMemoryOutput {
  memory?: Memory
}

export interface CreateOauth2CredentialProviderRequest {
  name: string
  credentialProviderVendor: CredentialProviderVendorType
  oauth2ProviderConfigInput: Oauth2ProviderConfigInput
  tags?: Record<string, string>
}

export interface CreateOauth2CredentialProviderResponse {
  clientSecretArn: Secret
  name: string
  credentialProviderArn: string
  clientSecretJsonKey?: string
  clientSecretSource?: SecretSourceType
  callbackUrl?: string
  oauth2ProviderConfigOutput?: Oauth2ProviderConfigOutput
  status?: Status
}

export interface CreateOnlineEvaluationConfigRequest {
  onlineEvaluationConfigName: string
  rule: Rule
  dataSourceConfig: DataSourceConfig
  evaluationExecutionRoleArn: string
  enableOnCreate: boolean
  clientToken?: string
  description?: string
  evaluators?: EvaluatorReference[]
  insights?: Insight[]
  clusteringConfig?: ClusteringConfig
  outputConfig?: OutputConfig
  tags?: Record<string, string>
}

export interface CreateOnlineEvaluationConfigResponse {
  onlineEvaluationConfigArn: string
  onlineEvaluationConfigId: string
  createdAt: number
  status: OnlineEvaluationConfigStatus
  executionStatus: OnlineEvaluationExecutionStatus
  outputConfig?: OutputConfig
  failureReason?: string
}

export interface CreatePaymentConnectorRequest {
  paymentManagerId: string
  name: string
  type: PaymentConnectorType
  credentialProviderConfigurations: CredentialsProviderConfiguration[]
  description?: string
  provisionMode?: PaymentConnectorProvisionMode
  clientToken?: string
}

export interface CreatePaymentConnectorResponse {
  paymentConnectorId: string
  paymentManagerId: string
  name: string
  type: PaymentConnectorType
  credentialProviderConfigurations: CredentialsProviderConfiguration[]
  createdAt: number
  status: PaymentConnectorStatus
  authorizationUrl?: string
}

export interface CreatePaymentCredentialProviderRequest {
  name: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  providerConfigurationInput: PaymentProviderConfigurationInput
  tags?: Record<string, string>
}

export interface CreatePaymentCredentialProviderResponse {
  name: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  credentialProviderArn: string
  providerConfigurationOutput: PaymentProviderConfigurationOutput
}

export interface CreatePaymentInstrumentRequest {
  paymentManagerArn: string
  paymentConnectorId: string
  paymentInstrumentType: PaymentInstrumentType
  paymentInstrumentDetails: PaymentInstrumentDetails
  userId?: string
  agentName?: string
  clientToken?: string
}

export interface CreatePaymentInstrumentResponse {
  paymentInstrument: PaymentInstrument
}

export interface CreatePaymentManagerRequest {
  name: string
  authorizerType: PaymentsAuthorizerType
  roleArn: string
  description?: string
  authorizerConfiguration?: AuthorizerConfiguration
  clientToken?: string
  tags?: Record<string, string>
  kmsKeyArn?: string
}

export interface CreatePaymentManagerResponse {
  paymentManagerArn: string
  paymentManagerId: string
  name: string
  authorizerType: PaymentsAuthorizerType
  roleArn: string
  createdAt: number
  status: PaymentManagerStatus
  authorizerConfiguration?: AuthorizerConfiguration
  workloadIdentityDetails?: WorkloadIdentityDetails
  tags?: Record<string, string>
  kmsKeyArn?: string
}

export interface CreatePaymentSessionRequest {
  paymentManagerArn: string
  expiryTimeInMinutes: number
  userId?: string
  agentName?: string
  limits?: SessionLimits
  clientToken?: string
}

export interface CreatePaymentSessionResponse {
  paymentSession: PaymentSession
}

export interface CreatePolicyEngineRequest {
  name: string
  description?: string
  clientToken?: string
  encryptionKeyArn?: string
  tags?: Record<string, string>
}

export interface CreatePolicyEngineResponse {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  statusReasons: string[]
  encryptionKeyArn?: string
  description?: string
}

export interface CreatePolicyRequest {
  name: string
  definition: PolicyDefinition
  policyEngineId: string
  description?: string
  validationMode?: PolicyValidationMode
  enforcementMode?: EnforcementMode
  clientToken?: string
}

export interface CreatePolicyResponse {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  definition: PolicyDefinition
  statusReasons: string[]
  enforcementMode?: EnforcementMode
  description?: string
}

export interface CreateRegistryRecordRequest {
  registryId: string
  name: string
  descriptorType: DescriptorType
  description?: string
  descriptors?: Descriptors
  recordVersion?: string
  synchronizationType?: SynchronizationType
  synchronizationConfiguration?: SynchronizationConfiguration
  clientToken?: string
}

export interface CreateRegistryRecordResponse {
  recordArn: string
  status: RegistryRecordStatus
}

export interface CreateRegistryRequest {
  name: string
  description?: string
  authorizerType?: RegistryAuthorizerType
  authorizerConfiguration?: AuthorizerConfiguration
  clientToken?: string
  approvalConfiguration?: ApprovalConfiguration
}

export interface CreateRegistryResponse {
  registryArn: string
}

export interface CreateWorkloadIdentityRequest {
  name: string
  allowedResourceOauth2ReturnUrls?: string[]
  tags?: Record<string, string>
}

export interface CreateWorkloadIdentityResponse {
  name: string
  workloadIdentityArn: string
  allowedResourceOauth2ReturnUrls?: string[]
}

export type CredentialProvider =
  | { oauthCredentialProvider: OAuthCredentialProvider; apiKeyCredentialProvider?: undefined; iamCredentialProvider?: undefined }
  | { apiKeyCredentialProvider: GatewayApiKeyCredentialProvider; oauthCredentialProvider?: undefined; iamCredentialProvider?: undefined }
  | { iamCredentialProvider: IamCredentialProvider; oauthCredentialProvider?: undefined; apiKeyCredentialProvider?: undefined }

export interface CredentialProviderConfiguration {
  credentialProviderType: CredentialProviderType
  credentialProvider?: CredentialProvider
}

export type CredentialProviderType = 'GATEWAY_IAM_ROLE' | 'OAUTH' | 'API_KEY' | 'CALLER_IAM_CREDENTIALS' | 'JWT_PASSTHROUGH'

export type CredentialProviderVendorType = 'GoogleOauth2' | 'GithubOauth2' | 'SlackOauth2' | 'SalesforceOauth2' | 'MicrosoftOauth2' | 'CustomOauth2' | 'AtlassianOauth2' | 'LinkedinOauth2' | 'XOauth2' | 'OktaOauth2' | 'OneLoginOauth2' | 'PingOneOauth2' | 'FacebookOauth2' | 'YandexOauth2' | 'RedditOauth2' | 'ZoomOauth2' | 'TwitchOauth2' | 'SpotifyOauth2' | 'DropboxOauth2' | 'NotionOauth2' | 'HubspotOauth2' | 'CyberArkOauth2' | 'FusionAuthOauth2' | 'Auth0Oauth2' | 'CognitoOauth2'

export type CredentialRotationConfig =
  | { coinbaseCDP: CoinbaseCdpRotationTargets }

export type CredentialsProviderConfiguration =
  | { coinbaseCDP: PaymentCredentialProviderConfiguration; stripePrivy?: undefined }
  | { stripePrivy: PaymentCredentialProviderConfiguration; coinbaseCDP?: undefined }

export type CryptoWalletNetwork = 'ETHEREUM' | 'SOLANA'

export interface CryptoX402PaymentInput {
  version: string
  payload: unknown
  permit2AllowanceLimit?: string
}

export interface CryptoX402PaymentOutput {
  version: string
  payload: unknown
}

export type Currency = 'USD'

export interface CustomClaimValidationType {
  inboundTokenClaimName: string
  inboundTokenClaimValueType: InboundTokenClaimValueType
  authorizingClaimMatchValue: AuthorizingClaimMatchValueType
}

export type CustomConfigurationInput =
  | { semanticOverride: SemanticOverrideConfigurationInput; summaryOverride?: undefined; userPreferenceOverride?: undefined; episodicOverride?: undefined; selfManagedConfiguration?: undefined }
  | { summaryOverride: SummaryOverrideConfigurationInput; semanticOverride?: undefined; userPreferenceOverride?: undefined; episodicOverride?: undefined; selfManagedConfiguration?: undefined }
  | { userPreferenceOverride: UserPreferenceOverrideConfigurationInput; semanticOverride?: undefined; summaryOverride?: undefined; episodicOverride?: undefined; selfManagedConfiguration?: undefined }
  | { episodicOverride: EpisodicOverrideConfigurationInput; semanticOverride?: undefined; summaryOverride?: undefined; userPreferenceOverride?: undefined; selfManagedConfiguration?: undefined }
  | { selfManagedConfiguration: SelfManagedConfigurationInput; semanticOverride?: undefined; summaryOverride?: undefined; userPreferenceOverride?: undefined; episodicOverride?: undefined }

export type CustomConsolidationConfiguration =
  | { semanticConsolidationOverride: SemanticConsolidationOverride; summaryConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { summaryConsolidationOverride: SummaryConsolidationOverride; semanticConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { userPreferenceConsolidationOverride: UserPreferenceConsolidationOverride; semanticConsolidationOverride?: undefined; summaryConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { episodicConsolidationOverride: EpisodicConsolidationOverride; semanticConsolidationOverride?: undefined; summaryConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined }

export type CustomConsolidationConfigurationInput =
  | { semanticConsolidationOverride: SemanticOverrideConsolidationConfigurationInput; summaryConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { summaryConsolidationOverride: SummaryOverrideConsolidationConfigurationInput; semanticConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { userPreferenceConsolidationOverride: UserPreferenceOverrideConsolidationConfigurationInput; semanticConsolidationOverride?: undefined; summaryConsolidationOverride?: undefined; episodicConsolidationOverride?: undefined }
  | { episodicConsolidationOverride: EpisodicOverrideConsolidationConfigurationInput; semanticConsolidationOverride?: undefined; summaryConsolidationOverride?: undefined; userPreferenceConsolidationOverride?: undefined }

export interface CustomDescriptor {
  inlineContent?: string
}

export type CustomExtractionConfiguration =
  | { semanticExtractionOverride: SemanticExtractionOverride; userPreferenceExtractionOverride?: undefined; episodicExtractionOverride?: undefined }
  | { userPreferenceExtractionOverride: UserPreferenceExtractionOverride; semanticExtractionOverride?: undefined; episodicExtractionOverride?: undefined }
  | { episodicExtractionOverride: EpisodicExtractionOverride; semanticExtractionOverride?: undefined; userPreferenceExtractionOverride?: undefined }

export type CustomExtractionConfigurationInput =
  | { semanticExtractionOverride: SemanticOverrideExtractionConfigurationInput; userPreferenceExtractionOverride?: undefined; episodicExtractionOverride?: undefined }
  | { userPreferenceExtractionOverride: UserPreferenceOverrideExtractionConfigurationInput; semanticExtractionOverride?: undefined; episodicExtractionOverride?: undefined }
  | { episodicExtractionOverride: EpisodicOverrideExtractionConfigurationInput; semanticExtractionOverride?: undefined; userPreferenceExtractionOverride?: undefined }

export interface CustomJWTAuthorizerConfiguration {
  discoveryUrl: string
  allowedAudience?: string[]
  allowedClients?: string[]
  allowedScopes?: string[]
  advertisedScopeMapping?: Record<string, string>
  customClaims?: CustomClaimValidationType[]
  privateEndpoint?: PrivateEndpoint
  privateEndpointOverrides?: PrivateEndpointOverride[]
  allowedWorkloadConfiguration?: AllowedWorkloadConfiguration
}

export interface CustomMemoryStrategyInput {
  name: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  configuration?: CustomConfigurationInput
  memoryRecordSchema?: MemoryRecordSchema
}

export interface CustomOauth2ProviderConfigInput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
  onBehalfOfTokenExchangeConfig?: OnBehalfOfTokenExchangeConfigType
  clientAuthenticationMethod?: ClientAuthenticationMethodType
  privateKeyJwtConfig?: PrivateKeyJwtConfig
  privateEndpoint?: PrivateEndpoint
  privateEndpointOverrides?: PrivateEndpointOverride[]
}

export interface CustomOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
  onBehalfOfTokenExchangeConfig?: OnBehalfOfTokenExchangeConfigType
  clientAuthenticationMethod?: ClientAuthenticationMethodType
  privateEndpoint?: PrivateEndpoint
  privateEndpointOverrides?: PrivateEndpointOverride[]
  privateKeyJwtConfig?: PrivateKeyJwtConfig
}

export type CustomReflectionConfiguration =
  | { episodicReflectionOverride: EpisodicReflectionOverride }

export type CustomReflectionConfigurationInput =
  | { episodicReflectionOverride: EpisodicOverrideReflectionConfigurationInput }

export interface CustomTransformConfiguration {
  lambda?: LambdaTransformConfiguration
}

export interface DataA2aDescriptor {
  agentCard: DataAgentCardDefinition
}

export interface DataAgentCardDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export interface DataAgentSkillsDescriptor {
  skillMd: DataSkillMdDefinition
  skillDefinition?: DataSkillDefinition
}

export interface DataBrowserEnterprisePolicy {
  location: DataResourceLocation
  type?: BrowserEnterprisePolicyType
}

export interface DataCertificate {
  location: DataCertificateLocation
}

export type DataCertificateLocation =
  | { secretsManager: DataSecretsManagerLocation }

export interface DataCloudWatchOutputConfig {
  logGroupName?: string
  logStreamName?: string
  metricsNamespace?: string
  resultDestination?: ResultDestination
}

export type DataContent =
  | { text: string }

export interface DataCustomDescriptor {
  inlineContent?: string
}

export type DataDataSourceConfig =
  | { cloudWatchLogs: CloudWatchLogsSource; onlineEvaluationConfigSource?: undefined }
  | { onlineEvaluationConfigSource: OnlineEvaluationConfigSource; cloudWatchLogs?: undefined }

export interface DataDescriptors {
  mcp?: DataMcpDescriptor
  a2a?: DataA2aDescriptor
  custom?: DataCustomDescriptor
  agentSkills?: DataAgentSkillsDescriptor
}

export interface DataEvaluatorSummary {
  evaluatorId?: string
  statistics?: EvaluatorStatistics
  totalEvaluated?: number
  totalFailed?: number
}

export interface DataExtractionConfig {
  namespaceVariables?: Record<string, string>
}

export type DataFilterValue =
  | { stringValue: string; doubleValue?: undefined; booleanValue?: undefined }
  | { doubleValue: number; stringValue?: undefined; booleanValue?: undefined }
  | { booleanValue: boolean; stringValue?: undefined; doubleValue?: undefined }

export interface DataMcpDescriptor {
  server: DataServerDefinition
  tools: DataToolsDefinition
}

export type DataOutputConfig =
  | { cloudWatchConfig: DataCloudWatchOutputConfig }

export type DataRegistryRecordStatus = 'DRAFT' | 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'DEPRECATED'

export interface DataRegistryRecordSummary {
  registryArn: string
  recordArn: string
  recordId: string
  name: string
  descriptorType: DescriptorType
  descriptors: DataDescriptors
  version: string
  status: DataRegistryRecordStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export type DataResourceLocation =
  | { s3: DataS3Location }

export interface DataS3Location {
  bucket: string
  prefix: string
  versionId?: string
}

export interface DataSecretsManagerLocation {
  secretArn: string
}

export interface DataServerDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export interface DataSkillDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export interface DataSkillMdDefinition {
  inlineContent?: string
}

export type DataSourceConfig =
  | { cloudWatchLogs: CloudWatchLogsInputConfig }

export type DataSourceType =
  | { inlineExamples: InlineExamplesSource; s3Source?: undefined }
  | { s3Source: S3Source; inlineExamples?: undefined }

export interface DataToolsDefinition {
  protocolVersion?: string
  inlineContent?: string
}

export type DatasetSchemaType = 'AGENTCORE_EVALUATION_PREDEFINED_V1' | 'AGENTCORE_EVALUATION_SIMULATED_V1' | 'THIRD_PARTY_EVALUATION_V1'

export type DatasetStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED'

export interface DatasetSummary {
  datasetArn: string
  datasetId: string
  datasetName: string
  status: DatasetStatus
  schemaType: DatasetSchemaType
  exampleCount: number
  createdAt: number
  updatedAt: number
  description?: string
  draftStatus?: DraftStatus
}

export interface DatasetVersionSummary {
  datasetVersion: string
  exampleCount: number
  createdAt: number
}

export interface DecryptionFailure {
  message: string
}

export interface DeleteABTestRequest {
  abTestId: string
}

export interface DeleteABTestResponse {
  abTestId: string
  abTestArn: string
  status: ABTestStatus
}

export interface DeleteAgentRuntimeEndpointRequest {
  agentRuntimeId: string
  endpointName: string
  clientToken?: string
}

export interface DeleteAgentRuntimeEndpointResponse {
  status: AgentRuntimeEndpointStatus
  agentRuntimeId?: string
  endpointName?: string
}

export interface DeleteAgentRuntimeRequest {
  agentRuntimeId: string
  agentRuntimeVersion?: string
  clientToken?: string
}

export interface DeleteAgentRuntimeResponse {
  status: AgentRuntimeStatus
  agentRuntimeId?: string
  agentRuntimeVersion?: string
}

export interface DeleteApiKeyCredentialProviderRequest {
  name: string
}

export interface DeleteApiKeyCredentialProviderResponse {
}

export interface DeleteBatchEvaluationRequest {
  batchEvaluationId: string
}

export interface DeleteBatchEvaluationResponse {
  batchEvaluationId: string
  batchEvaluationArn: string
  status: BatchEvaluationStatus
}

export interface DeleteBrowserProfileRequest {
  profileId: string
  clientToken?: string
}

export interface DeleteBrowserProfileResponse {
  profileId: string
  profileArn: string
  status: BrowserProfileStatus
  lastUpdatedAt: number
  lastSavedAt?: number
}

export interface DeleteBrowserRequest {
  browserId: string
  clientToken?: string
}

export interface DeleteBrowserResponse {
  browserId: string
  status: BrowserStatus
  lastUpdatedAt: number
}

export interface DeleteCapacityProviderInput {
  capacityProviderId: string
  clientToken?: string
}

export interface DeleteCapacityProviderOutput {
  capacityProviderId: string
  status: CapacityProviderStatus
}

export interface DeleteCapacityProviderSessionRequest {
  capacityProviderId: string
  sessionId: string
}

export interface DeleteCapacityProviderSessionResponse {
  capacityProviderArn: string
  sessionId: string
  status: CapacityProviderSessionStatus
}

export interface DeleteCodeInterpreterRequest {
  codeInterpreterId: string
  clientToken?: string
}

export interface DeleteCodeInterpreterResponse {
  codeInterpreterId: string
  status: CodeInterpreterStatus
  lastUpdatedAt: number
}

export interface DeleteConfigurationBundleRequest {
  bundleId: string
}

export interface DeleteConfigurationBundleResponse {
  bundleId: string
  status: ConfigurationBundleStatus
}

export interface DeleteConsentPortalRequest {
  consentPortalIdentifier: string
}

export interface DeleteConsentPortalResponse {
}

export interface DeleteDatasetExamplesRequest {
  datasetId: string
  exampleIds: string[]
  clientToken?: string
}

export interface DeleteDatasetExamplesResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  deletedCount: number
  updatedAt: number
}

export interface DeleteDatasetRequest {
  datasetId: string
  datasetVersion?: string
}

export interface DeleteDatasetResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  datasetVersion: string
  updatedAt: number
}

export interface DeleteEvaluatorRequest {
  evaluatorId: string
}

export interface DeleteEvaluatorResponse {
  evaluatorArn: string
  evaluatorId: string
  status: EvaluatorStatus
}

export interface DeleteEventInput {
  memoryId: string
  sessionId: string
  eventId: string
  actorId: string
}

export interface DeleteEventOutput {
  eventId: string
}

export interface DeleteGatewayRateLimitRequest {
  gatewayIdentifier: string
  rateLimitId: string
}

export interface DeleteGatewayRateLimitResponse {
  rateLimitId: string
  status: GatewayRateLimitStatus
}

export interface DeleteGatewayRequest {
  gatewayIdentifier: string
}

export interface DeleteGatewayResponse {
  gatewayId: string
  status: GatewayStatus
  statusReasons?: string[]
}

export interface DeleteGatewayRuleRequest {
  gatewayIdentifier: string
  ruleId: string
}

export interface DeleteGatewayRuleResponse {
  ruleId: string
  status: GatewayRuleStatus
}

export interface DeleteGatewayTargetRequest {
  gatewayIdentifier: string
  targetId: string
}

export interface DeleteGatewayTargetResponse {
  gatewayArn: string
  targetId: string
  status: TargetStatus
  statusReasons?: string[]
}

export interface DeleteHarnessEndpointRequest {
  harnessId: string
  endpointName: string
  clientToken?: string
}

export interface DeleteHarnessEndpointResponse {
  endpoint: HarnessEndpoint
}

export interface DeleteHarnessRequest {
  harnessId: string
  clientToken?: string
  deleteManagedMemory?: boolean
}

export interface DeleteHarnessResponse {
  harness?: Harness
}

export interface DeleteMemoryInput {
  memoryId: string
  clientToken?: string
}

export interface DeleteMemoryOutput {
  memoryId: string
  status?: MemoryStatus
}

export interface DeleteMemoryRecordInput {
  memoryId: string
  memoryRecordId: string
  namespace?: string
}

export interface DeleteMemoryRecordOutput {
  memoryRecordId: string
}

export interface DeleteMemoryStrategyInput {
  memoryStrategyId: string
}

export interface DeleteOauth2CredentialProviderRequest {
  name: string
}

export interface DeleteOauth2CredentialProviderResponse {
}

export interface DeleteOnlineEvaluationConfigRequest {
  onlineEvaluationConfigId: string
}

export interface DeleteOnlineEvaluationConfigResponse {
  onlineEvaluationConfigArn: string
  onlineEvaluationConfigId: string
  status: OnlineEvaluationConfigStatus
}

export interface DeletePaymentConnectorRequest {
  paymentManagerId: string
  paymentConnectorId: string
  clientToken?: string
}

export interface DeletePaymentConnectorResponse {
  status: PaymentConnectorStatus
  paymentConnectorId?: string
}

export interface DeletePaymentCredentialProviderRequest {
  name: string
}

export interface DeletePaymentCredentialProviderResponse {
}

export interface DeletePaymentInstrumentRequest {
  paymentManagerArn: string
  paymentConnectorId: string
  paymentInstrumentId: string
  userId?: string
}

export interface DeletePaymentInstrumentResponse {
  status: PaymentInstrumentStatus
}

export interface DeletePaymentManagerRequest {
  paymentManagerId: string
  clientToken?: string
}

export interface DeletePaymentManagerResponse {
  status: PaymentManagerStatus
  paymentManagerId?: string
}

export interface DeletePaymentSessionRequest {
  paymentManagerArn: string
  paymentSessionId: string
  userId?: string
}

export interface DeletePaymentSessionResponse {
  status: PaymentSessionStatus
}

export interface DeletePolicyEngineRequest {
  policyEngineId: string
}

export interface DeletePolicyEngineResponse {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  statusReasons: string[]
  encryptionKeyArn?: string
  description?: string
}

export interface DeletePolicyRequest {
  policyEngineId: string
  policyId: string
}

export interface DeletePolicyResponse {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  definition: PolicyDefinition
  statusReasons: string[]
  enforcementMode?: EnforcementMode
  description?: string
}

export interface DeleteRecommendationRequest {
  recommendationId: string
}

export interface DeleteRecommendationResponse {
  recommendationId: string
  status: RecommendationStatus
}

export interface DeleteRegistryRecordRequest {
  registryId: string
  recordId: string
}

export interface DeleteRegistryRecordResponse {
}

export interface DeleteRegistryRequest {
  registryId: string
}

export interface DeleteRegistryResponse {
  status: RegistryStatus
}

export interface DeleteResourcePolicyRequest {
  resourceArn: string
}

export interface DeleteResourcePolicyResponse {
}

export interface DeleteWorkloadIdentityRequest {
  name: string
}

export interface DeleteWorkloadIdentityResponse {
}

export interface DerivedEvaluatorConfig {
  baseEvaluatorId: string
  modelConfig: EvaluatorModelConfig
}

export type DescriptorType = 'MCP' | 'A2A' | 'CUSTOM' | 'AGENT_SKILLS'

export interface Descriptors {
  mcp?: McpDescriptor
  a2a?: A2aDescriptor
  custom?: CustomDescriptor
  agentSkills?: AgentSkillsDescriptor
}

export type DraftStatus = 'MODIFIED' | 'UNMODIFIED'

export interface DuplicateIdException {
  message?: string
}

export interface EbsVolumeConfiguration {
  name: string
  sizeGiB: number
  volumeType?: EbsVolumeType
  iops?: number
  throughput?: number
  encrypted?: boolean
  kmsKeyId?: string
  snapshotId?: string
}

export type EbsVolumeType = 'standard' | 'io1' | 'io2' | 'gp2' | 'sc1' | 'st1' | 'gp3'

export interface Ec2Configuration {
  launchTemplateSource: LaunchTemplateSource
  vpcConfiguration: VpcConfiguration
  volumes?: VolumeConfiguration[]
  lifecycleConfiguration?: InstanceLifecycleConfiguration
  rootVolume?: RootVolumeConfiguration
}

export interface EfsAccessPointConfiguration {
  accessPointArn: string
  mountPath: string
}

export interface EfsConfiguration {
  accessPointArn: string
  mountPath: string
  fileSystemArn: string
}

export interface EmbeddedCryptoWallet {
  network: CryptoWalletNetwork
  linkedAccounts: LinkedAccount[]
  walletAddress?: string
  redirectUrl?: string
}

export interface EncryptionFailure {
  message: string
}

export type EndpointIpAddressType = 'IPV4' | 'IPV6'

export type EnforcementMode = 'ACTIVE' | 'LOG_ONLY'

export interface EphemeralBlockDeviceMapping {
  deviceName?: string
  virtualName?: string
  ebs?: EphemeralEBSVolumeConfiguration
}

export interface EphemeralEBSVolumeConfiguration {
  volumeType?: EbsVolumeType
  iops?: number
  throughput?: number
  encrypted?: boolean
  kmsKeyId?: string
  snapshotId?: string
  volumeSize?: number
  volumeInitializationRate?: number
  ebsCardIndex?: number
}

export interface EpisodicConsolidationOverride {
  appendToPrompt: string
  modelId: string
}

export interface EpisodicExtractionOverride {
  appendToPrompt: string
  modelId: string
}

export interface EpisodicMemoryStrategyInput {
  name: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  reflectionConfiguration?: EpisodicReflectionConfigurationInput
  memoryRecordSchema?: MemoryRecordSchema
}

export interface EpisodicOverrideConfigurationInput {
  extraction?: EpisodicOverrideExtractionConfigurationInput
  consolidation?: EpisodicOverrideConsolidationConfigurationInput
  reflection?: EpisodicOverrideReflectionConfigurationInput
}

export interface EpisodicOverrideConsolidationConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface EpisodicOverrideExtractionConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface EpisodicOverrideReflectionConfigurationInput {
  appendToPrompt: string
  modelId: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface EpisodicReflectionConfiguration {
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface EpisodicReflectionConfigurationInput {
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface EpisodicReflectionOverride {
  appendToPrompt: string
  modelId: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface EvaluateRequest {
  evaluatorId: string
  evaluationInput: EvaluationInput
  evaluationTarget?: EvaluationTarget
  evaluationReferenceInputs?: EvaluationReferenceInput[]
}

export interface EvaluateResponse {
  evaluationResults: EvaluationResultContent[]
}

export type EvaluationContent =
  | { text: string }

export interface EvaluationExpectedTrajectory {
  toolNames?: string[]
}

export type EvaluationInput =
  | { sessionSpans: unknown[] }

export interface EvaluationJobResults {
  numberOfSessionsCompleted?: number
  numberOfSessionsInProgress?: number
  numberOfSessionsFailed?: number
  totalNumberOfSessions?: number
  numberOfSessionsIgnored?: number
  evaluatorSummaries?: DataEvaluatorSummary[]
}

export type EvaluationMetadata =
  | { sessionMetadata: SessionMetadataShape[] }

export interface EvaluationReferenceInput {
  context: Context
  expectedResponse?: EvaluationContent
  assertions?: EvaluationContent[]
  expectedTrajectory?: EvaluationExpectedTrajectory
}

export interface EvaluationResultContent {
  evaluatorArn: string
  evaluatorId: string
  evaluatorName: string
  context: Context
  explanation?: string
  value?: number
  label?: string
  tokenUsage?: TokenUsage
  errorMessage?: string
  errorCode?: string
  ignoredReferenceInputFields?: string[]
}

export type EvaluationTarget =
  | { spanIds: string[]; traceIds?: undefined }
  | { traceIds: string[]; spanIds?: undefined }

export interface Evaluator {
  evaluatorId: string
}

export type EvaluatorConfig =
  | { llmAsAJudge: LlmAsAJudgeEvaluatorConfig; codeBased?: undefined; derived?: undefined }
  | { codeBased: CodeBasedEvaluatorConfig; llmAsAJudge?: undefined; derived?: undefined }
  | { derived: DerivedEvaluatorConfig; llmAsAJudge?: undefined; codeBased?: undefined }

export type EvaluatorLevel = 'TOOL_CALL' | 'TRACE' | 'SESSION'

export interface EvaluatorMetric {
  evaluatorArn: string
  controlStats: ControlStats
  variantResults: VariantResult[]
}

export type EvaluatorModelConfig =
  | { bedrockEvaluatorModelConfig: BedrockEvaluatorModelConfig; responsesEvaluatorModelConfig?: undefined }
  | { responsesEvaluatorModelConfig: OpenResponsesEvaluatorModelConfig; bedrockEvaluatorModelConfig?: undefined }

export type EvaluatorReference =
  | { evaluatorId: string }

export interface EvaluatorStatistics {
  averageScore?: number
}

export type EvaluatorStatus = 'ACTIVE' | 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'DELETING'

export interface EvaluatorSummary {
  evaluatorArn: string
  evaluatorId: string
  evaluatorName: string
  evaluatorType: EvaluatorType
  status: EvaluatorStatus
  createdAt: number
  updatedAt: number
  description?: string
  provider?: Provider
  level?: EvaluatorLevel
  lockedForModification?: boolean
  kmsKeyArn?: string
}

export type EvaluatorType = 'Builtin' | 'ThirdParty' | 'Custom' | 'CustomCode' | 'CustomDerived'

export interface Event {
  memoryId: string
  actorId: string
  sessionId: string
  eventId: string
  eventTimestamp: number
  payload: PayloadType[]
  branch?: Branch
  metadata?: Record<string, MetadataValue>
}

export type EventFilterCondition = 'HAS_EVENTS'

export interface EventMetadataFilterExpression {
  left: LeftExpression
  operator: OperatorType
  right?: RightExpression
}

export type ExceptionLevel = 'DEBUG'

export interface ExecutionSummaryAffectedSession {
  sessionId: string
  approachTaken: string
  finalOutcome: string
}

export interface ExecutionSummaryCluster {
  clusterId: number
  name: string
  description: string
  affectedSessionCount: number
  affectedSessions: ExecutionSummaryAffectedSession[]
}

export interface ExecutionSummaryClusteringResultContent {
  executionSummaries: ExecutionSummaryCluster[]
}

export interface ExternalProxy {
  server: string
  port: number
  domainPatterns?: string[]
  credentials?: ProxyCredentials
}

export type ExtractionConfig =
  | { llmExtractionConfig: LlmExtractionConfig }

export type ExtractionConfiguration =
  | { customExtractionConfiguration: CustomExtractionConfiguration }

export interface ExtractionJob {
  jobId: string
}

export interface ExtractionJobFilterInput {
  strategyId?: string
  sessionId?: string
  actorId?: string
  status?: ExtractionJobStatus
}

export type ExtractionJobMessages =
  | { messagesList: MessageMetadata[] }

export interface ExtractionJobMetadata {
  jobID: string
  messages: ExtractionJobMessages
  status?: ExtractionJobStatus
  failureReason?: string
  strategyId?: string
  sessionId?: string
  actorId?: string
}

export type ExtractionJobStatus = 'FAILED'

export type ExtractionMode = 'SKIP'

export type ExtractionType = 'LLM_INFERRED' | 'STRICTLY_CONSISTENT'

export interface FailureAnalysisResultContent {
  failures: FailureCategoryCluster[]
}

export interface FailureCategoryCluster {
  clusterId: number
  name: string
  description: string
  affectedSessionCount: number
  subCategories: FailureSubCategoryCluster[]
}

export interface FailureSpanDetail {
  spanId: string
  traceId: string
  signals: InsightsFailureSignal[]
}

export interface FailureSubCategoryCluster {
  clusterId: number
  name: string
  description: string
  affectedSessionCount: number
  rootCauses: RootCauseCluster[]
}

export type FilesystemConfiguration =
  | { sessionStorage: SessionStorageConfiguration; s3FilesAccessPoint?: undefined; efsAccessPoint?: undefined; capacityProviderVolume?: undefined }
  | { s3FilesAccessPoint: S3FilesAccessPointConfiguration; sessionStorage?: undefined; efsAccessPoint?: undefined; capacityProviderVolume?: undefined }
  | { efsAccessPoint: EfsAccessPointConfiguration; sessionStorage?: undefined; s3FilesAccessPoint?: undefined; capacityProviderVolume?: undefined }
  | { capacityProviderVolume: CapacityProviderVolumeConfiguration; sessionStorage?: undefined; s3FilesAccessPoint?: undefined; efsAccessPoint?: undefined }

export interface Filter {
  key: string
  operator: FilterOperator
  value: FilterValue
}

export interface FilterInput {
  branch?: BranchFilter
  eventMetadata?: EventMetadataFilterExpression[]
}

export type FilterOperator = 'Equals' | 'NotEquals' | 'GreaterThan' | 'LessThan' | 'GreaterThanOrEqual' | 'LessThanOrEqual' | 'Contains' | 'NotContains'

export type FilterValue =
  | { stringValue: string; doubleValue?: undefined; booleanValue?: undefined }
  | { doubleValue: number; stringValue?: undefined; booleanValue?: undefined }
  | { booleanValue: boolean; stringValue?: undefined; doubleValue?: undefined }

export interface Finding {
  type?: FindingType
  description?: string
}

export type FindingType = 'VALID' | 'INVALID' | 'NOT_TRANSLATABLE' | 'ALLOW_ALL' | 'ALLOW_NONE' | 'DENY_ALL' | 'DENY_NONE'

export interface FromUrlSynchronizationConfiguration {
  url: string
  credentialProviderConfigurations?: RegistryRecordCredentialProviderConfiguration[]
}

export interface GatewayApiKeyCredentialProvider {
  providerArn: string
  credentialParameterName?: string
  credentialPrefix?: string
  credentialLocation?: ApiKeyCredentialLocation
}

export interface GatewayFilter {
  targetPaths?: string[]
}

export type GatewayInterceptionPoint = 'REQUEST' | 'RESPONSE'

export interface GatewayInterceptorConfiguration {
  interceptor: InterceptorConfiguration
  interceptionPoints: GatewayInterceptionPoint[]
  inputConfiguration?: InterceptorInputConfiguration
}

export interface GatewayPolicyEngineConfiguration {
  arn: string
  mode: GatewayPolicyEngineMode
}

export type GatewayPolicyEngineMode = 'LOG_ONLY' | 'ENFORCE'

export type GatewayProtocolConfiguration =
  | { mcp: MCPGatewayConfiguration }

export type GatewayProtocolType = 'MCP'

export interface GatewayRateLimitDetail {
  rateLimitId: string
  gatewayIdentifier: string
  dimensionKeys: string[]
  entries: LimitEntry[]
  status: GatewayRateLimitStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export type GatewayRateLimitStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING'

export interface GatewayRuleDetail {
  ruleId: string
  gatewayArn: string
  priority: number
  actions: Action[]
  createdAt: number
  status: GatewayRuleStatus
  conditions?: Condition[]
  description?: string
  system?: SystemManagedBlock
  updatedAt?: number
}

export type GatewayRuleStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING'

export type GatewayStatus = 'CREATING' | 'UPDATING' | 'UPDATE_UNSUCCESSFUL' | 'DELETING' | 'READY' | 'FAILED'

export interface GatewaySummary {
  gatewayId: string
  name: string
  status: GatewayStatus
  createdAt: number
  updatedAt: number
  authorizerType: AuthorizerType
  description?: string
  protocolType?: GatewayProtocolType
}

export interface GatewayTarget {
  gatewayArn: string
  targetId: string
  createdAt: number
  updatedAt: number
  status: TargetStatus
  name: string
  targetConfiguration: TargetConfiguration
  credentialProviderConfigurations: CredentialProviderConfiguration[]
  statusReasons?: string[]
  description?: string
  lastSynchronizedAt?: number
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
  privateEndpointManagedResources?: ManagedResourceDetails[]
  authorizationData?: AuthorizationData
  protocolType?: TargetProtocolType
}

export interface GetABTestRequest {
  abTestId: string
}

export interface GetABTestResponse {
  abTestId: string
  abTestArn: string
  name: string
  status: ABTestStatus
  executionStatus: ABTestExecutionStatus
  gatewayArn: string
  variants: Variant[]
  evaluationConfig: ABTestEvaluationConfig
  createdAt: number
  updatedAt: number
  description?: string
  gatewayFilter?: GatewayFilter
  roleArn?: string
  currentRunId?: string
  errorDetails?: string[]
  startedAt?: number
  stoppedAt?: number
  maxDurationExpiresAt?: number
  results?: ABTestResults
}

export interface GetAgentCardRequest {
  agentRuntimeArn: string
  runtimeSessionId?: string
  qualifier?: string
}

export interface GetAgentCardResponse {
  agentCard: unknown
  runtimeSessionId?: string
  statusCode?: number
}

export interface GetAgentRuntimeEndpointRequest {
  agentRuntimeId: string
  endpointName: string
}

export interface GetAgentRuntimeEndpointResponse {
  agentRuntimeEndpointArn: string
  agentRuntimeArn: string
  status: AgentRuntimeEndpointStatus
  createdAt: number
  lastUpdatedAt: number
  name: string
  id: string
  liveVersion?: string
  targetVersion?: string
  description?: string
  failureReason?: string
}

export interface GetAgentRuntimeRequest {
  agentRuntimeId: string
  agentRuntimeVersion?: string
}

export interface GetAgentRuntimeResponse {
  agentRuntimeArn: string
  agentRuntimeName: string
  agentRuntimeId: string
  agentRuntimeVersion: string
  createdAt: number
  lastUpdatedAt: number
  roleArn: string
  status: AgentRuntimeStatus
  lifecycleConfiguration: LifecycleConfiguration
  networkConfiguration?: NetworkConfiguration
  failureReason?: string
  description?: string
  workloadIdentityDetails?: WorkloadIdentityDetails
  agentRuntimeArtifact?: AgentRuntimeArtifact
  protocolConfiguration?: ProtocolConfiguration
  environmentVariables?: Record<string, string>
  authorizerConfiguration?: AuthorizerConfiguration
  requestHeaderConfiguration?: RequestHeaderConfiguration
  metadataConfiguration?: RuntimeMetadataConfiguration
  filesystemConfigurations?: FilesystemConfiguration[]
  capacityProviderConfiguration?: CapacityProviderConfiguration
  platformVersion?: string
}

export interface GetApiKeyCredentialProviderRequest {
  name: string
}

export interface GetApiKeyCredentialProviderResponse {
  apiKeySecretArn: Secret
  name: string
  credentialProviderArn: string
  createdTime: number
  lastUpdatedTime: number
  apiKeySecretJsonKey?: string
  apiKeySecretSource?: SecretSourceType
}

export interface GetBatchEvaluationRequest {
  batchEvaluationId: string
}

export interface GetBatchEvaluationResponse {
  batchEvaluationId: string
  batchEvaluationArn: string
  batchEvaluationName: string
  status: BatchEvaluationStatus
  createdAt: number
  evaluators?: Evaluator[]
  insights?: Insight[]
  dataSourceConfig?: DataDataSourceConfig
  outputConfig?: DataOutputConfig
  evaluationResults?: EvaluationJobResults
  failureAnalysisResult?: FailureAnalysisResultContent
  userIntentResult?: UserIntentClusteringResultContent
  executionSummaryResult?: ExecutionSummaryClusteringResultContent
  errorDetails?: string[]
  description?: string
  updatedAt?: number
  kmsKeyArn?: string
}

export interface GetBrowserProfileRequest {
  profileId: string
}

export interface GetBrowserProfileResponse {
  profileId: string
  profileArn: string
  name: string
  status: BrowserProfileStatus
  createdAt: number
  lastUpdatedAt: number
  description?: string
  lastSavedAt?: number
  lastSavedBrowserSessionId?: string
  lastSavedBrowserId?: string
}

export interface GetBrowserRequest {
  browserId: string
}

export interface GetBrowserResponse {
  browserId: string
  browserArn: string
  name: string
  networkConfiguration: BrowserNetworkConfiguration
  status: BrowserStatus
  createdAt: number
  lastUpdatedAt: number
  description?: string
  executionRoleArn?: string
  recording?: RecordingConfig
  browserSigning?: BrowserSigningConfigOutput
  enterprisePolicies?: BrowserEnterprisePolicy[]
  certificates?: Certificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  failureReason?: string
}

export interface GetBrowserSessionRequest {
  browserIdentifier: string
  sessionId: string
}

export interface GetBrowserSessionResponse {
  browserIdentifier: string
  sessionId: string
  createdAt: number
  name?: string
  viewPort?: ViewPort
  extensions?: BrowserExtension[]
  enterprisePolicies?: DataBrowserEnterprisePolicy[]
  profileConfiguration?: BrowserProfileConfiguration
  sessionTimeoutSeconds?: number
  status?: BrowserSessionStatus
  streams?: BrowserSessionStream
  proxyConfiguration?: ProxyConfiguration
  certificates?: DataCertificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  sessionReplayArtifact?: string
  lastUpdatedAt?: number
}

export interface GetCapacityProviderInput {
  capacityProviderId: string
}

export interface GetCapacityProviderOutput {
  capacityProviderId: string
  capacityProviderArn: string
  name: string
  status: CapacityProviderStatus
  permissionsConfiguration: PermissionsConfiguration
  computeConfiguration: ComputeConfiguration
  createdAt: number
  lastUpdatedAt: number
  description?: string
  statusCode?: CapacityProviderStatusCode
  statusReason?: string
}

export interface GetCodeInterpreterRequest {
  codeInterpreterId: string
}

export interface GetCodeInterpreterResponse {
  codeInterpreterId: string
  codeInterpreterArn: string
  name: string
  networkConfiguration: CodeInterpreterNetworkConfiguration
  status: CodeInterpreterStatus
  createdAt: number
  lastUpdatedAt: number
  description?: string
  executionRoleArn?: string
  certificates?: Certificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  failureReason?: string
}

export interface GetCodeInterpreterSessionRequest {
  codeInterpreterIdentifier: string
  sessionId: string
}

export interface GetCodeInterpreterSessionResponse {
  codeInterpreterIdentifier: string
  sessionId: string
  createdAt: number
  name?: string
  sessionTimeoutSeconds?: number
  status?: CodeInterpreterSessionStatus
  certificates?: DataCertificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
}

export interface GetConfigurationBundleRequest {
  bundleId: string
  branchName?: string
}

export interface GetConfigurationBundleResponse {
  bundleArn: string
  bundleId: string
  bundleName: string
  versionId: string
  components: Record<string, ComponentConfiguration>
  createdAt: number
  updatedAt: number
  description?: string
  lineageMetadata?: VersionLineageMetadata
  kmsKeyArn?: string
}

export interface GetConfigurationBundleVersionRequest {
  bundleId: string
  versionId: string
}

export interface GetConfigurationBundleVersionResponse {
  bundleArn: string
  bundleId: string
  bundleName: string
  versionId: string
  components: Record<string, ComponentConfiguration>
  createdAt: number
  versionCreatedAt: number
  description?: string
  lineageMetadata?: VersionLineageMetadata
  kmsKeyArn?: string
}

export interface GetConsentPortalRequest {
  consentPortalIdentifier: string
}

export interface GetConsentPortalResponse {
  sources: ConsentPortalSource[]
  consentPortalArn: string
  consentPortalId: string
  createdAt: number
  executionRoleArn: string
  idpConfig: ConsentPortalIdpConfig
  name: string
  status: ConsentPortalStatus
  updatedAt: number
  description?: string
  portalUrl?: string
  statusReason?: string
}

export interface GetDatasetRequest {
  datasetId: string
  datasetVersion?: string
}

export interface GetDatasetResponse {
  datasetArn: string
  datasetId: string
  datasetVersion: string
  datasetName: string
  status: DatasetStatus
  schemaType: DatasetSchemaType
  exampleCount: number
  createdAt: number
  updatedAt: number
  description?: string
  draftStatus?: DraftStatus
  failureReason?: string
  kmsKeyArn?: string
  downloadUrl?: string
  downloadUrlExpiresAt?: number
  tags?: Record<string, string>
}

export interface GetEvaluatorRequest {
  evaluatorId: string
  includedData?: IncludedData
}

export interface GetEvaluatorResponse {
  evaluatorArn: string
  evaluatorId: string
  evaluatorName: string
  evaluatorConfig: EvaluatorConfig
  level: EvaluatorLevel
  status: EvaluatorStatus
  createdAt: number
  updatedAt: number
  description?: string
  evaluatorType?: EvaluatorType
  provider?: Provider
  lockedForModification?: boolean
  kmsKeyArn?: string
}

export interface GetEventInput {
  memoryId: string
  sessionId: string
  actorId: string
  eventId: string
}

export interface GetEventOutput {
  event: Event
}

export interface GetGatewayRateLimitRequest {
  gatewayIdentifier: string
  rateLimitId: string
}

export interface GetGatewayRateLimitResponse {
  rateLimitId: string
  gatewayIdentifier: string
  dimensionKeys: string[]
  entries: LimitEntry[]
  status: GatewayRateLimitStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export interface GetGatewayRequest {
  gatewayIdentifier: string
}

export interface GetGatewayResponse {
  gatewayArn: string
  gatewayId: string
  createdAt: number
  updatedAt: number
  status: GatewayStatus
  name: string
  authorizerType: AuthorizerType
  gatewayUrl?: string
  statusReasons?: string[]
  description?: string
  roleArn?: string
  protocolType?: GatewayProtocolType
  protocolConfiguration?: GatewayProtocolConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
  kmsKeyArn?: string
  customTransformConfiguration?: CustomTransformConfiguration
  interceptorConfigurations?: GatewayInterceptorConfiguration[]
  policyEngineConfiguration?: GatewayPolicyEngineConfiguration
  workloadIdentityDetails?: WorkloadIdentityDetails
  exceptionLevel?: ExceptionLevel
  webAclArn?: string
  wafConfiguration?: WafConfiguration
}

export interface GetGatewayRuleRequest {
  gatewayIdentifier: string
  ruleId: string
}

export interface GetGatewayRuleResponse {
  ruleId: string
  gatewayArn: string
  priority: number
  actions: Action[]
  createdAt: number
  status: GatewayRuleStatus
  conditions?: Condition[]
  description?: string
  system?: SystemManagedBlock
  updatedAt?: number
}

export interface GetGatewayTargetRequest {
  gatewayIdentifier: string
  targetId: string
}

export interface GetGatewayTargetResponse {
  gatewayArn: string
  targetId: string
  createdAt: number
  updatedAt: number
  status: TargetStatus
  name: string
  targetConfiguration: TargetConfiguration
  credentialProviderConfigurations: CredentialProviderConfiguration[]
  statusReasons?: string[]
  description?: string
  lastSynchronizedAt?: number
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
  privateEndpointManagedResources?: ManagedResourceDetails[]
  authorizationData?: AuthorizationData
  protocolType?: TargetProtocolType
}

export interface GetHarnessEndpointRequest {
  harnessId: string
  endpointName: string
}

export interface GetHarnessEndpointResponse {
  endpoint: HarnessEndpoint
}

export interface GetHarnessRequest {
  harnessId: string
  harnessVersion?: string
}

export interface GetHarnessResponse {
  harness: Harness
}

export interface GetMemoryInput {
  memoryId: string
  view?: MemoryView
}

export interface GetMemoryOutput {
  memory: Memory
}

export interface GetMemoryRecordInput {
  memoryId: string
  memoryRecordId: string
  namespace?: string
}

export interface GetMemoryRecordOutput {
  memoryRecord: MemoryRecord
}

export interface GetOauth2CredentialProviderRequest {
  name: string
}

export interface GetOauth2CredentialProviderResponse {
  clientSecretArn: Secret
  name: string
  credentialProviderArn: string
  credentialProviderVendor: CredentialProviderVendorType
  oauth2ProviderConfigOutput: Oauth2ProviderConfigOutput
  createdTime: number
  lastUpdatedTime: number
  clientSecretJsonKey?: string
  clientSecretSource?: SecretSourceType
  callbackUrl?: string
  status?: Status
  failureReason?: string
}

export interface GetOnlineEvaluationConfigRequest {
  onlineEvaluationConfigId: string
}

export interface GetOnlineEvaluationConfigResponse {
  onlineEvaluationConfigArn: string
  onlineEvaluationConfigId: string
  onlineEvaluationConfigName: string
  rule: Rule
  dataSourceConfig: DataSourceConfig
  status: OnlineEvaluationConfigStatus
  executionStatus: OnlineEvaluationExecutionStatus
  createdAt: number
  updatedAt: number
  description?: string
  evaluators?: EvaluatorReference[]
  insights?: Insight[]
  clusteringConfig?: ClusteringConfig
  outputConfig?: OutputConfig
  evaluationExecutionRoleArn?: string
  failureReason?: string
}

export interface GetPaymentConnectorRequest {
  paymentManagerId: string
  paymentConnectorId: string
}

export interface GetPaymentConnectorResponse {
  paymentConnectorId: string
  name: string
  type: PaymentConnectorType
  credentialProviderConfigurations: CredentialsProviderConfiguration[]
  createdAt: number
  lastUpdatedAt: number
  status: PaymentConnectorStatus
  description?: string
  provisionMode?: PaymentConnectorProvisionMode
  authorizationUrl?: string
  credentialsUpdatedAt?: number
}

export interface GetPaymentCredentialProviderRequest {
  name: string
}

export interface GetPaymentCredentialProviderResponse {
  name: string
  credentialProviderArn: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  providerConfigurationOutput: PaymentProviderConfigurationOutput
  createdTime: number
  lastUpdatedTime: number
  tags?: Record<string, string>
}

export interface GetPaymentInstrumentBalanceRequest {
  paymentManagerArn: string
  paymentConnectorId: string
  paymentInstrumentId: string
  chain: BlockchainChainId
  token: InstrumentBalanceToken
  userId?: string
  agentName?: string
}

export interface GetPaymentInstrumentBalanceResponse {
  paymentInstrumentId: string
  tokenBalance: TokenBalance
}

export interface GetPaymentInstrumentRequest {
  paymentManagerArn: string
  paymentInstrumentId: string
  userId?: string
  agentName?: string
  paymentConnectorId?: string
}

export interface GetPaymentInstrumentResponse {
  paymentInstrument: PaymentInstrument
}

export interface GetPaymentManagerRequest {
  paymentManagerId: string
}

export interface GetPaymentManagerResponse {
  paymentManagerArn: string
  paymentManagerId: string
  name: string
  authorizerType: PaymentsAuthorizerType
  roleArn: string
  createdAt: number
  lastUpdatedAt: number
  status: PaymentManagerStatus
  description?: string
  authorizerConfiguration?: AuthorizerConfiguration
  workloadIdentityDetails?: WorkloadIdentityDetails
  tags?: Record<string, string>
  kmsKeyArn?: string
}

export interface GetPaymentSessionRequest {
  paymentManagerArn: string
  paymentSessionId: string
  userId?: string
  agentName?: string
}

export interface GetPaymentSessionResponse {
  paymentSession: PaymentSession
}

export interface GetPolicyEngineRequest {
  policyEngineId: string
}

export interface GetPolicyEngineResponse {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  statusReasons: string[]
  encryptionKeyArn?: string
  description?: string
}

export interface GetPolicyEngineSummaryRequest {
  policyEngineId: string
}

export interface GetPolicyEngineSummaryResponse {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  encryptionKeyArn?: string
}

export interface GetPolicyGenerationRequest {
  policyGenerationId: string
  policyEngineId: string
}

export interface GetPolicyGenerationResponse {
  policyEngineId: string
  policyGenerationId: string
  name: string
  policyGenerationArn: string
  resource: Resource
  createdAt: number
  updatedAt: number
  status: PolicyGenerationStatus
  statusReasons: string[]
  findings?: string
}

export interface GetPolicyGenerationSummaryRequest {
  policyGenerationId: string
  policyEngineId: string
}

export interface GetPolicyGenerationSummaryResponse {
  policyEngineId: string
  policyGenerationId: string
  name: string
  policyGenerationArn: string
  resource: Resource
  createdAt: number
  updatedAt: number
  status: PolicyGenerationStatus
  findings?: string
}

export interface GetPolicyRequest {
  policyEngineId: string
  policyId: string
}

export interface GetPolicyResponse {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  definition: PolicyDefinition
  statusReasons: string[]
  enforcementMode?: EnforcementMode
  description?: string
}

export interface GetPolicySummaryRequest {
  policyEngineId: string
  policyId: string
}

export interface GetPolicySummaryResponse {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  enforcementMode?: EnforcementMode
}

export interface GetRecommendationRequest {
  recommendationId: string
}

export interface GetRecommendationResponse {
  recommendationId: string
  recommendationArn: string
  name: string
  type: RecommendationType
  recommendationConfig: RecommendationConfig
  status: RecommendationStatus
  createdAt: number
  updatedAt: number
  description?: string
  recommendationResult?: RecommendationResult
  kmsKeyArn?: string
}

export interface GetRegistryRecordRequest {
  registryId: string
  recordId: string
}

export interface GetRegistryRecordResponse {
  registryArn: string
  recordArn: string
  recordId: string
  name: string
  descriptorType: DescriptorType
  descriptors: Descriptors
  status: RegistryRecordStatus
  createdAt: number
  updatedAt: number
  description?: string
  recordVersion?: string
  statusReason?: string
  synchronizationType?: SynchronizationType
  synchronizationConfiguration?: SynchronizationConfiguration
}

export interface GetRegistryRequest {
  registryId: string
}

export interface GetRegistryResponse {
  name: string
  registryId: string
  registryArn: string
  status: RegistryStatus
  createdAt: number
  updatedAt: number
  description?: string
  authorizerType?: RegistryAuthorizerType
  authorizerConfiguration?: AuthorizerConfiguration
  approvalConfiguration?: ApprovalConfiguration
  statusReason?: string
}

export interface GetResourceApiKeyRequest {
  workloadIdentityToken: string
  resourceCredentialProviderName: string
}

export interface GetResourceApiKeyResponse {
  apiKey: string
}

export interface GetResourceOauth2TokenRequest {
  workloadIdentityToken: string
  resourceCredentialProviderName: string
  scopes: string[]
  oauth2Flow: Oauth2FlowType
  sessionUri?: string
  resourceOauth2ReturnUrl?: string
  forceAuthentication?: boolean
  customParameters?: Record<string, string>
  customState?: string
  resources?: string[]
  audiences?: string[]
}

export interface GetResourceOauth2TokenResponse {
  authorizationUrl?: string
  accessToken?: string
  sessionUri?: string
  sessionStatus?: SessionStatus
}

export interface GetResourcePaymentTokenRequest {
  workloadIdentityToken: string
  resourceCredentialProviderName: string
  paymentTokenRequest: PaymentTokenRequestInput
}

export interface GetResourcePaymentTokenResponse {
  paymentTokenResponse: PaymentTokenResponseOutput
}

export interface GetResourcePolicyRequest {
  resourceArn: string
}

export interface GetResourcePolicyResponse {
  policy?: string
}

export interface GetTokenVaultRequest {
  tokenVaultId?: string
}

export interface GetTokenVaultResponse {
  tokenVaultId: string
  kmsConfiguration: KmsConfiguration
  lastModifiedDate: number
}

export interface GetWorkloadAccessTokenForJWTRequest {
  workloadName: string
  userToken: string
}

export interface GetWorkloadAccessTokenForJWTResponse {
  workloadAccessToken: string
}

export interface GetWorkloadAccessTokenForUserIdRequest {
  workloadName: string
  userId: string
}

export interface GetWorkloadAccessTokenForUserIdResponse {
  workloadAccessToken: string
}

export interface GetWorkloadAccessTokenRequest {
  workloadName: string
}

export interface GetWorkloadAccessTokenResponse {
  workloadAccessToken: string
}

export interface GetWorkloadIdentityRequest {
  name: string
}

export interface GetWorkloadIdentityResponse {
  name: string
  workloadIdentityArn: string
  createdTime: number
  lastUpdatedTime: number
  allowedResourceOauth2ReturnUrls?: string[]
}

export interface GithubOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface GithubOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface GoogleOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface GoogleOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export type GroundTruthSource =
  | { inline: InlineGroundTruth }

export interface GroundTruthTurn {
  input?: GroundTruthTurnInput
  expectedResponse?: EvaluationContent
}

export type GroundTruthTurnInput =
  | { prompt: string }

export interface Harness {
  harnessId: string
  harnessName: string
  arn: string
  status: HarnessStatus
  executionRoleArn: string
  createdAt: number
  updatedAt: number
  model: HarnessModelConfiguration
  systemPrompt: HarnessSystemContentBlock[]
  tools: HarnessTool[]
  skills: HarnessSkill[]
  allowedTools: string[]
  truncation: HarnessTruncationConfiguration
  environment: HarnessEnvironmentProvider
  harnessVersion?: string
  environmentArtifact?: HarnessEnvironmentArtifact
  environmentVariables?: Record<string, string>
  authorizerConfiguration?: AuthorizerConfiguration
  memory?: HarnessMemoryConfiguration
  hooks?: HarnessHook[]
  maxIterations?: number
  maxTokens?: number
  timeoutSeconds?: number
  failureReason?: string
}

export interface HarnessAfterInvocationHook {
  name: string
  target: HarnessHookTarget
}

export interface HarnessAfterToolCallHook {
  name: string
  target: HarnessHookTarget
}

export interface HarnessAgentCoreBrowserConfig {
  browserArn?: string
}

export interface HarnessAgentCoreCodeInterpreterConfig {
  codeInterpreterArn?: string
}

export interface HarnessAgentCoreGatewayConfig {
  gatewayArn: string
  outboundAuth?: HarnessGatewayOutboundAuth
}

export interface HarnessAgentCoreMemoryConfiguration {
  arn: string
  actorId?: string
  messagesCount?: number
  retrievalConfig?: Record<string, HarnessAgentCoreMemoryRetrievalConfig>
}

export interface HarnessAgentCoreMemoryRetrievalConfig {
  topK?: number
  relevanceScore?: number
  strategyId?: string
}

export interface HarnessAgentCoreRuntimeEnvironment {
  agentRuntimeArn: string
  agentRuntimeName: string
  agentRuntimeId: string
  lifecycleConfiguration: LifecycleConfiguration
  networkConfiguration: NetworkConfiguration
  filesystemConfigurations?: FilesystemConfiguration[]
}

export interface HarnessAgentCoreRuntimeEnvironmentRequest {
  lifecycleConfiguration?: LifecycleConfiguration
  networkConfiguration?: NetworkConfiguration
  filesystemConfigurations?: FilesystemConfiguration[]
}

export type HarnessBedrockApiFormat = 'converse_stream' | 'responses' | 'chat_completions'

export interface HarnessBedrockModelConfig {
  modelId: string
  maxTokens?: number
  temperature?: number
  topP?: number
  apiFormat?: HarnessBedrockApiFormat
  additionalParams?: unknown
}

export interface HarnessBeforeInvocationHook {
  name: string
  target: HarnessHookTarget
}

export interface HarnessBeforeToolCallHook {
  name: string
  target: HarnessHookTarget
}

export type HarnessContentBlock =
  | { text: string; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined }
  | { toolUse: HarnessToolUseBlock; text?: undefined; toolResult?: undefined; reasoningContent?: undefined }
  | { toolResult: HarnessToolResultBlock; text?: undefined; toolUse?: undefined; reasoningContent?: undefined }
  | { reasoningContent: HarnessReasoningContentBlock; text?: undefined; toolUse?: undefined; toolResult?: undefined }

export type HarnessContentBlockDelta =
  | { text: string; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined; toolResultMetadata?: undefined }
  | { toolUse: HarnessToolUseBlockDelta; text?: undefined; toolResult?: undefined; reasoningContent?: undefined; toolResultMetadata?: undefined }
  | { toolResult: HarnessToolResultBlockDelta[]; text?: undefined; toolUse?: undefined; reasoningContent?: undefined; toolResultMetadata?: undefined }
  | { reasoningContent: HarnessReasoningContentBlockDelta; text?: undefined; toolUse?: undefined; toolResult?: undefined; toolResultMetadata?: undefined }
  | { toolResultMetadata: HarnessToolResultMetadataBlockDelta; text?: undefined; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined }

export interface HarnessContentBlockDeltaEvent {
  contentBlockIndex: number
  delta: HarnessContentBlockDelta
}

export type HarnessContentBlockStart =
  | { toolUse: HarnessToolUseBlockStart; toolResult?: undefined }
  | { toolResult: HarnessToolResultBlockStart; toolUse?: undefined }

export interface HarnessContentBlockStartEvent {
  contentBlockIndex: number
  start: HarnessContentBlockStart
}

export interface HarnessContentBlockStopEvent {
  contentBlockIndex: number
}

export type HarnessConversationRole = 'user' | 'assistant'

export interface HarnessDisabledMemoryConfiguration {
}

export interface HarnessEndpoint {
  harnessId: string
  harnessName: string
  endpointName: string
  arn: string
  status: HarnessEndpointStatus
  createdAt: number
  updatedAt: number
  liveVersion?: string
  targetVersion?: string
  description?: string
  failureReason?: string
}

export type HarnessEndpointStatus = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export type HarnessEnvironmentArtifact =
  | { containerConfiguration: ContainerConfiguration }

export type HarnessEnvironmentProvider =
  | { agentCoreRuntimeEnvironment: HarnessAgentCoreRuntimeEnvironment }

export type HarnessEnvironmentProviderRequest =
  | { agentCoreRuntimeEnvironment: HarnessAgentCoreRuntimeEnvironmentRequest }

export type HarnessGatewayOutboundAuth =
  | { awsIam: Unit; none?: undefined; oauth?: undefined }
  | { none: Unit; awsIam?: undefined; oauth?: undefined }
  | { oauth: OAuthCredentialProvider; awsIam?: undefined; none?: undefined }

export interface HarnessGeminiModelConfig {
  modelId: string
  apiKeyArn: string
  maxTokens?: number
  temperature?: number
  topP?: number
  topK?: number
  additionalParams?: unknown
}

export type HarnessHook =
  | { beforeInvocation: HarnessBeforeInvocationHook; afterInvocation?: undefined; beforeToolCall?: undefined; afterToolCall?: undefined }
  | { afterInvocation: HarnessAfterInvocationHook; beforeInvocation?: undefined; beforeToolCall?: undefined; afterToolCall?: undefined }
  | { beforeToolCall: HarnessBeforeToolCallHook; beforeInvocation?: undefined; afterInvocation?: undefined; afterToolCall?: undefined }
  | { afterToolCall: HarnessAfterToolCallHook; beforeInvocation?: undefined; afterInvocation?: undefined; beforeToolCall?: undefined }

export type HarnessHookDecision = 'allow' | 'deny'

export interface HarnessHookEvent {
  hookEventId: string
  name: string
  type: HarnessHookEventType
  decision?: HarnessHookDecision
  reason?: string
}

export interface HarnessHookEventBridgeTarget {
  arn: string
}

export type HarnessHookEventType = 'before_tool_call' | 'after_tool_call' | 'before_invocation' | 'after_invocation'

export type HarnessHookFailureMode = 'allow' | 'deny'

export interface HarnessHookLambdaTarget {
  arn: string
  timeoutSeconds?: number
  failureMode?: HarnessHookFailureMode
}

export interface HarnessHookSnsTarget {
  arn: string
}

export type HarnessHookTarget =
  | { lambda: HarnessHookLambdaTarget; sns?: undefined; eventBridge?: undefined }
  | { sns: HarnessHookSnsTarget; lambda?: undefined; eventBridge?: undefined }
  | { eventBridge: HarnessHookEventBridgeTarget; lambda?: undefined; sns?: undefined }

export interface HarnessInlineFunctionConfig {
  description: string
  inputSchema: unknown
}

export interface HarnessLiteLlmModelConfig {
  modelId: string
  apiKeyArn?: string
  apiBase?: string
  maxTokens?: number
  temperature?: number
  topP?: number
  additionalParams?: unknown
}

export interface HarnessManagedMemoryConfiguration {
  arn?: string
  strategies?: HarnessManagedMemoryStrategyType[]
  eventExpiryDuration?: number
  encryptionKeyArn?: string
}

export type HarnessManagedMemoryStrategyType = 'SEMANTIC' | 'SUMMARIZATION' | 'USER_PREFERENCE' | 'EPISODIC'

export type HarnessMemoryConfiguration =
  | { agentCoreMemoryConfiguration: HarnessAgentCoreMemoryConfiguration; managedMemoryConfiguration?: undefined; disabled?: undefined }
  | { managedMemoryConfiguration: HarnessManagedMemoryConfiguration; agentCoreMemoryConfiguration?: undefined; disabled?: undefined }
  | { disabled: HarnessDisabledMemoryConfiguration; agentCoreMemoryConfiguration?: undefined; managedMemoryConfiguration?: undefined }

export interface HarnessMessage {
  role: HarnessConversationRole
  content: HarnessContentBlock[]
}

export interface HarnessMessageStartEvent {
  role: HarnessConversationRole
}

export interface HarnessMessageStopEvent {
  stopReason: HarnessStopReason
}

export interface HarnessMetadataEvent {
  usage: HarnessTokenUsage
  metrics: HarnessStreamMetrics
}

export type HarnessModelConfiguration =
  | { bedrockModelConfig: HarnessBedrockModelConfig; openAiModelConfig?: undefined; geminiModelConfig?: undefined; liteLlmModelConfig?: undefined }
  | { openAiModelConfig: HarnessOpenAiModelConfig; bedrockModelConfig?: undefined; geminiModelConfig?: undefined; liteLlmModelConfig?: undefined }
  | { geminiModelConfig: HarnessGeminiModelConfig; bedrockModelConfig?: undefined; openAiModelConfig?: undefined; liteLlmModelConfig?: undefined }
  | { liteLlmModelConfig: HarnessLiteLlmModelConfig; bedrockModelConfig?: undefined; openAiModelConfig?: undefined; geminiModelConfig?: undefined }

export type HarnessOpenAiApiFormat = 'chat_completions' | 'responses'

export interface HarnessOpenAiModelConfig {
  modelId: string
  apiKeyArn: string
  apiBase?: string
  maxTokens?: number
  temperature?: number
  topP?: number
  apiFormat?: HarnessOpenAiApiFormat
  additionalParams?: unknown
}

export type HarnessReasoningContentBlock =
  | { reasoningText: HarnessReasoningTextBlock; redactedContent?: undefined }
  | { redactedContent: Uint8Array; reasoningText?: undefined }

export type HarnessReasoningContentBlockDelta =
  | { text: string; redactedContent?: undefined; signature?: undefined }
  | { redactedContent: Uint8Array; text?: undefined; signature?: undefined }
  | { signature: string; text?: undefined; redactedContent?: undefined }

export interface HarnessReasoningTextBlock {
  text: string
  signature?: string
}

export interface HarnessRemoteMcpConfig {
  url: string
  headers?: Record<string, string>
}

export type HarnessSkill =
  | { path: string; s3?: undefined; git?: undefined; awsSkills?: undefined }
  | { s3: HarnessSkillS3Source; path?: undefined; git?: undefined; awsSkills?: undefined }
  | { git: HarnessSkillGitSource; path?: undefined; s3?: undefined; awsSkills?: undefined }
  | { awsSkills: HarnessSkillAwsSkillsSource; path?: undefined; s3?: undefined; git?: undefined }

export interface HarnessSkillAwsSkillsSource {
  paths?: string[]
}

export interface HarnessSkillGitAuth {
  credentialArn: string
  username?: string
}

export interface HarnessSkillGitSource {
  url: string
  path?: string
  auth?: HarnessSkillGitAuth
}

export interface HarnessSkillS3Source {
  uri: string
}

export interface HarnessSlidingWindowConfiguration {
  messagesCount?: number
}

export type HarnessStatus = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export type HarnessStopReason = 'end_turn' | 'tool_use' | 'tool_result' | 'max_tokens' | 'stop_sequence' | 'content_filtered' | 'malformed_model_output' | 'malformed_tool_use' | 'interrupted' | 'partial_turn' | 'model_context_window_exceeded' | 'max_iterations_exceeded' | 'max_output_tokens_exceeded' | 'timeout_exceeded' | 'hook_stopped'

export interface HarnessStreamMetrics {
  latencyMs: number
}

export interface HarnessSummarizationConfiguration {
  summaryRatio?: number
  preserveRecentMessages?: number
  summarizationSystemPrompt?: string
}

export interface HarnessSummary {
  harnessId: string
  harnessName: string
  arn: string
  status: HarnessStatus
  createdAt: number
  updatedAt: number
  harnessVersion?: string
}

export type HarnessSystemContentBlock =
  | { text: string }

export interface HarnessTokenUsage {
  inputTokens: number
  outputTokens: number
  totalTokens: number
  cacheReadInputTokens?: number
  cacheWriteInputTokens?: number
}

export interface HarnessTool {
  type: HarnessToolType
  name?: string
  config?: HarnessToolConfiguration
}

export type HarnessToolConfiguration =
  | { remoteMcp: HarnessRemoteMcpConfig; agentCoreBrowser?: undefined; agentCoreGateway?: undefined; inlineFunction?: undefined; agentCoreCodeInterpreter?: undefined }
  | { agentCoreBrowser: HarnessAgentCoreBrowserConfig; remoteMcp?: undefined; agentCoreGateway?: undefined; inlineFunction?: undefined; agentCoreCodeInterpreter?: undefined }
  | { agentCoreGateway: HarnessAgentCoreGatewayConfig; remoteMcp?: undefined; agentCoreBrowser?: undefined; inlineFunction?: undefined; agentCoreCodeInterpreter?: undefined }
  | { inlineFunction: HarnessInlineFunctionConfig; remoteMcp?: undefined; agentCoreBrowser?: undefined; agentCoreGateway?: undefined; agentCoreCodeInterpreter?: undefined }
  | { agentCoreCodeInterpreter: HarnessAgentCoreCodeInterpreterConfig; remoteMcp?: undefined; agentCoreBrowser?: undefined; agentCoreGateway?: undefined; inlineFunction?: undefined }

export interface HarnessToolResultBlock {
  toolUseId: string
  content: HarnessToolResultContentBlock[]
  status?: HarnessToolUseStatus
  type?: HarnessToolUseType
}

export type HarnessToolResultBlockDelta =
  | { text: string; json?: undefined }
  | { json: unknown; text?: undefined }

export interface HarnessToolResultBlockStart {
  toolUseId: string
  status?: HarnessToolUseStatus
}

export type HarnessToolResultContentBlock =
  | { text: string; json?: undefined }
  | { json: unknown; text?: undefined }

export interface HarnessToolResultMetadataBlockDelta {
  metadata: string
}

export type HarnessToolType = 'remote_mcp' | 'agentcore_browser' | 'agentcore_gateway' | 'inline_function' | 'agentcore_code_interpreter'

export interface HarnessToolUseBlock {
  name: string
  toolUseId: string
  input: unknown
  type?: HarnessToolUseType
  serverName?: string
}

export interface HarnessToolUseBlockDelta {
  input: string
}

export interface HarnessToolUseBlockStart {
  toolUseId: string
  name: string
  type?: HarnessToolUseType
  serverName?: string
}

export type HarnessToolUseStatus = 'success' | 'error'

export type HarnessToolUseType = 'tool_use' | 'server_tool_use' | 'mcp_tool_use'

export interface HarnessTruncationConfiguration {
  strategy: HarnessTruncationStrategy
  config?: HarnessTruncationStrategyConfiguration
}

export type HarnessTruncationStrategy = 'sliding_window' | 'summarization' | 'none'

export type HarnessTruncationStrategyConfiguration =
  | { slidingWindow: HarnessSlidingWindowConfiguration; summarization?: undefined }
  | { summarization: HarnessSummarizationConfiguration; slidingWindow?: undefined }

export interface HarnessVersionSummary {
  harnessId: string
  harnessName: string
  arn: string
  harnessVersion: string
  status: HarnessStatus
  createdAt: number
  updatedAt: number
  failureReason?: string
}

export interface HostingEnvironment {
  arn: string
}

export interface HttpApiSchemaConfiguration {
  source: ApiSchemaConfiguration
}

export interface HttpConnectorSource {
  connectorId: string
}

export interface HttpConnectorTargetConfiguration {
  source: HttpConnectorSource
  parameters?: Record<string, string>
}

export type HttpTargetConfiguration =
  | { agentcoreRuntime: RuntimeTargetConfiguration; passthrough?: undefined; connector?: undefined }
  | { passthrough: PassthroughTargetConfiguration; agentcoreRuntime?: undefined; connector?: undefined }
  | { connector: HttpConnectorTargetConfiguration; agentcoreRuntime?: undefined; passthrough?: undefined }

export interface IamCredentialProvider {
  service: string
  region?: string
}

export interface IamPrincipal {
  arn: string
  operator?: PrincipalMatchOperator
}

export type InboundTokenClaimValueType = 'STRING' | 'STRING_ARRAY'

export type IncludedData = 'ALL_DATA' | 'METADATA_ONLY'

export interface IncludedOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
  issuer?: string
  authorizationEndpoint?: string
  tokenEndpoint?: string
}

export interface IncludedOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface IndexedKey {
  key: string
  type: MetadataValueType
}

export interface InferenceConfiguration {
  maxTokens?: number
  temperature?: number
  topP?: number
  stopSequences?: string[]
}

export interface InferenceConnectorSource {
  connectorId: string
}

export interface InferenceConnectorTargetConfiguration {
  source: InferenceConnectorSource
}

export interface InferenceOperationConfiguration {
  path: string
  providerPath?: string
  models?: ModelEntry[]
}

export interface InferenceProviderTargetConfiguration {
  endpoint: string
  modelMapping?: ModelMapping
  operations?: InferenceOperationConfiguration[]
}

export type InferenceTargetConfiguration =
  | { connector: InferenceConnectorTargetConfiguration; provider?: undefined }
  | { provider: InferenceProviderTargetConfiguration; connector?: undefined }

export interface IngestDataInput {
  memoryId: string
  source: ContentSource
  contentTimestamp: number
  actorId: string
  sessionId?: string
  extractionConfig?: DataExtractionConfig
  metadata?: Record<string, MetadataValue>
  clientToken?: string
}

export interface IngestDataOutput {
  sessionId: string
}

export type IngestPayloadType =
  | { conversational: Conversational; json?: undefined }
  | { json: MemoryJsonData; conversational?: undefined }

export interface InlineExamplesSource {
  examples: unknown[]
}

export interface InlineGroundTruth {
  assertions?: EvaluationContent[]
  expectedTrajectory?: EvaluationExpectedTrajectory
  turns?: GroundTruthTurn[]
}

export interface InlineMemoryContent {
  payload: IngestPayloadType[]
}

export interface InputContentBlock {
  path: string
  text?: string
  blob?: Uint8Array
}

export interface Insight {
  insightId: string
}

export type InsightsFailureCategory = 'execution-error-category-authentication' | 'execution-error-category-resource-not-found' | 'execution-error-category-service-errors' | 'execution-error-category-rate-limiting' | 'execution-error-category-formatting' | 'execution-error-category-timeout' | 'execution-error-category-resource-exhaustion' | 'execution-error-category-environment' | 'execution-error-category-tool-schema' | 'task-instruction-category-non-compliance' | 'task-instruction-category-problem-id' | 'incorrect-actions-category-tool-selection' | 'incorrect-actions-category-poor-information-retrieval' | 'incorrect-actions-category-clarification' | 'incorrect-actions-category-inappropriate-info-request' | 'context-handling-error-category-context-handling-failures' | 'hallucination-category-hall-capabilities' | 'hallucination-category-hall-misunderstand' | 'hallucination-category-hall-usage' | 'hallucination-category-hall-history' | 'hallucination-category-hall-params' | 'hallucination-category-fabricate-tool-outputs' | 'repetitive-behavior-category-repetition-tool' | 'repetitive-behavior-category-repetition-info' | 'repetitive-behavior-category-step-repetition' | 'orchestration-related-errors-category-reasoning-mismatch' | 'orchestration-related-errors-category-goal-deviation' | 'orchestration-related-errors-category-premature-termination' | 'orchestration-related-errors-category-unaware-termination' | 'llm-output-category-nonsensical' | 'configuration-mismatch-category-tool-definition' | 'coding-use-case-specific-failure-types-category-edge-case-oversights' | 'coding-use-case-specific-failure-types-category-dependency-issues' | 'other'

export interface InsightsFailureSignal {
  category: InsightsFailureCategory
  evidence: string
  confidence: number
}

export interface InstanceLifecycleConfiguration {
  idleInstanceTimeout?: number
  maxLifetime?: number
}

export interface InstanceRequirements {
  allowedInstanceTypes: string[]
}

export type InstrumentBalanceToken = 'USDC'

export type InterceptorConfiguration =
  | { lambda: LambdaInterceptorConfiguration }

export interface InterceptorInputConfiguration {
  passRequestHeaders: boolean
  payloadFilter?: InterceptorPayloadFilter
}

export type InterceptorPayloadExclusion = 'RESPONSE_BODY'

export type InterceptorPayloadExclusionSelector =
  | { field: InterceptorPayloadExclusion }

export interface InterceptorPayloadFilter {
  exclude: InterceptorPayloadExclusionSelector[]
}

export interface InternalServerException {
  message?: string
}

export interface InvalidInputException {
  message: string
}

export interface InvocationConfiguration {
  topicArn: string
  payloadDeliveryBucketName: string
}

export interface InvocationConfigurationInput {
  topicArn: string
  payloadDeliveryBucketName: string
}

export interface InvokeAgentRuntimeCommandRequest {
  agentRuntimeArn: string
  body: InvokeAgentRuntimeCommandRequestBody
  contentType?: string
  accept?: string
  runtimeSessionId?: string
  traceId?: string
  traceParent?: string
  traceState?: string
  baggage?: string
  qualifier?: string
  accountId?: string
}

export interface InvokeAgentRuntimeCommandRequestBody {
  command: string
  timeout?: number
}

export interface InvokeAgentRuntimeCommandResponse {
  contentType: string
  stream: AsyncIterable<InvokeAgentRuntimeCommandStreamOutput>
  runtimeSessionId?: string
  traceId?: string
  traceParent?: string
  traceState?: string
  baggage?: string
  statusCode?: number
}

export type InvokeAgentRuntimeCommandStreamOutput =
  | { chunk: ResponseChunk; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { accessDeniedException: AccessDeniedException; chunk?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { internalServerException: InternalServerException; chunk?: undefined; accessDeniedException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { resourceNotFoundException: ResourceNotFoundException; chunk?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { serviceQuotaExceededException: ServiceQuotaExceededException; chunk?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; throttlingException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { throttlingException: ThrottlingException; chunk?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; validationException?: undefined; runtimeClientError?: undefined }
  | { validationException: ValidationException; chunk?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; runtimeClientError?: undefined }
  | { runtimeClientError: RuntimeClientError; chunk?: undefined; accessDeniedException?: undefined; internalServerException?: undefined; resourceNotFoundException?: undefined; serviceQuotaExceededException?: undefined; throttlingException?: undefined; validationException?: undefined }

export interface InvokeAgentRuntimeRequest {
  agentRuntimeArn: string
  payload?: Readable | Buffer
  /** Bytes in the payload, when the client said so. */
  payloadLength?: number
  contentType?: string
  accept?: string
  mcpSessionId?: string
  runtimeSessionId?: string
  mcpProtocolVersion?: string
  mcpMethod?: string
  mcpName?: string
  runtimeUserId?: string
  traceId?: string
  traceParent?: string
  traceState?: string
  baggage?: string
  qualifier?: string
  accountId?: string
}

export interface InvokeAgentRuntimeResponse {
  contentType: string
  runtimeSessionId?: string
  mcpSessionId?: string
  mcpProtocolVersion?: string
  traceId?: string
  traceParent?: string
  traceState?: string
  baggage?: string
  response?: AsyncIterable<Uint8Array> | Readable
  statusCode?: number
}

export interface InvokeBrowserRequest {
  browserIdentifier: string
  sessionId: string
  action: BrowserAction
}

export interface InvokeBrowserResponse {
  result: BrowserActionResult
  sessionId: string
}

export interface InvokeCodeInterpreterRequest {
  codeInterpreterIdentifier: string
  name: ToolName
  sessionId?: string
  traceId?: string
  traceParent?: string
  arguments?: ToolArguments
}

export interface InvokeCodeInterpreterResponse {
  stream: AsyncIterable<CodeInterpreterStreamOutput>
  sessionId?: string
}

export interface InvokeHarnessRequest {
  harnessArn: string
  runtimeSessionId: string
  messages: HarnessMessage[]
  qualifier?: string
  runtimeUserId?: string
  traceParent?: string
  traceState?: string
  traceId?: string
  baggage?: string
  model?: HarnessModelConfiguration
  systemPrompt?: HarnessSystemContentBlock[]
  tools?: HarnessTool[]
  skills?: HarnessSkill[]
  allowedTools?: string[]
  maxIterations?: number
  maxTokens?: number
  timeoutSeconds?: number
  actorId?: string
}

export interface InvokeHarnessResponse {
  stream: AsyncIterable<InvokeHarnessStreamOutput>
}

export type InvokeHarnessStreamOutput =
  | { messageStart: HarnessMessageStartEvent; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { contentBlockStart: HarnessContentBlockStartEvent; messageStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { contentBlockDelta: HarnessContentBlockDeltaEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { contentBlockStop: HarnessContentBlockStopEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { messageStop: HarnessMessageStopEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { metadata: HarnessMetadataEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { internalServerException: InternalServerException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; validationException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { validationException: ValidationException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; runtimeClientError?: undefined; hookEvent?: undefined }
  | { runtimeClientError: RuntimeClientError; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; hookEvent?: undefined }
  | { hookEvent: HarnessHookEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; runtimeClientError?: undefined }

export interface KeyPressArguments {
  key: string
  presses?: number
}

export interface KeyPressResult {
  status: BrowserActionStatus
  error?: string
}

export interface KeyShortcutArguments {
  keys: string[]
}

export interface KeyShortcutResult {
  status: BrowserActionStatus
  error?: string
}

export type KeyType = 'CustomerManagedKey' | 'ServiceManagedKey'

export interface KeyTypeArguments {
  text: string
}

export interface KeyTypeResult {
  status: BrowserActionStatus
  error?: string
}

export interface KinesisResource {
  dataStreamArn: string
  contentConfigurations: ContentConfiguration[]
}

export interface KmsConfiguration {
  keyType: KeyType
  kmsKeyArn?: string
}

export interface KmsKeySourceType {
  kmsKeyArn: string
}

export interface LambdaEvaluatorConfig {
  lambdaArn: string
  lambdaTimeoutInSeconds?: number
}

export interface LambdaInterceptorConfiguration {
  arn: string
}

export interface LambdaTransformConfiguration {
  arn?: string
}

export type LanguageRuntime = 'nodejs' | 'deno' | 'python'

export interface LaunchParameters {
  operatingSystem: OperatingSystem
  instanceRequirements: InstanceRequirements
  ephemeralVolumes?: EphemeralBlockDeviceMapping[]
  monitoring?: Monitoring
  licenseSpecifications?: LicenseSpecification[]
  capacityReservationSpecification?: CapacityReservationSpecification
  sshKeyName?: string
  instanceProfileArn?: string
  propagatedTags?: Record<string, string>
}

export type LaunchTemplateSource =
  | { launchParameters: LaunchParameters }

export type LeftExpression =
  | { metadataKey: string }

export interface LicenseSpecification {
  licenseConfigurationArn: string
}

export interface LifecycleConfiguration {
  idleRuntimeSessionTimeout?: number
  maxLifetime?: number
}

export interface LimitEntry {
  dimensions: Record<string, string>
  requests?: RateConfig[]
  tokens?: RateConfig[]
  connections?: RateConfig[]
}

export type LinkedAccount =
  | { email: LinkedAccountEmail; sms?: undefined; developerJwt?: undefined; oAuth2?: undefined }
  | { sms: LinkedAccountSms; email?: undefined; developerJwt?: undefined; oAuth2?: undefined }
  | { developerJwt: LinkedAccountDeveloperJwt; email?: undefined; sms?: undefined; oAuth2?: undefined }
  | { oAuth2: LinkedAccountOAuth2; email?: undefined; sms?: undefined; developerJwt?: undefined }

export interface LinkedAccountDeveloperJwt {
  kid: string
  sub: string
}

export interface LinkedAccountEmail {
  emailAddress: string
}

export type LinkedAccountOAuth2 =
  | { google: OAuth2Authentication; apple?: undefined; x?: undefined; telegram?: undefined; github?: undefined }
  | { apple: OAuth2Authentication; google?: undefined; x?: undefined; telegram?: undefined; github?: undefined }
  | { x: OAuth2Authentication; google?: undefined; apple?: undefined; telegram?: undefined; github?: undefined }
  | { telegram: OAuth2Authentication; google?: undefined; apple?: undefined; x?: undefined; github?: undefined }
  | { github: OAuth2Authentication; google?: undefined; apple?: undefined; x?: undefined; telegram?: undefined }

export interface LinkedAccountSms {
  phoneNumber: string
}

export interface LinkedinOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface LinkedinOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface ListABTestsRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListABTestsResponse {
  abTests: ABTestSummary[]
  nextToken?: string
}

export interface ListActorsInput {
  memoryId: string
  maxResults?: number
  nextToken?: string
}

export interface ListActorsOutput {
  actorSummaries: ActorSummary[]
  nextToken?: string
}

export interface ListAgentRuntimeEndpointsRequest {
  agentRuntimeId: string
  maxResults?: number
  nextToken?: string
}

export interface ListAgentRuntimeEndpointsResponse {
  runtimeEndpoints: AgentRuntimeEndpoint[]
  nextToken?: string
}

export interface ListAgentRuntimeVersionsByCapacityProviderInput {
  capacityProviderId: string
  maxResults?: number
  nextToken?: string
}

export interface ListAgentRuntimeVersionsByCapacityProviderOutput {
  agentRuntimes: AgentRuntimeVersionSummary[]
  nextToken?: string
}

export interface ListAgentRuntimeVersionsRequest {
  agentRuntimeId: string
  maxResults?: number
  nextToken?: string
}

export interface ListAgentRuntimeVersionsResponse {
  agentRuntimes: AgentRuntime[]
  nextToken?: string
}

export interface ListAgentRuntimesRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListAgentRuntimesResponse {
  agentRuntimes: AgentRuntime[]
  nextToken?: string
}

export interface ListApiKeyCredentialProvidersRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListApiKeyCredentialProvidersResponse {
  credentialProviders: ApiKeyCredentialProviderItem[]
  nextToken?: string
}

export interface ListBatchEvaluationsRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListBatchEvaluationsResponse {
  batchEvaluations: BatchEvaluationSummary[]
  nextToken?: string
}

export interface ListBrowserProfilesRequest {
  maxResults?: number
  nextToken?: string
  name?: string
}

export interface ListBrowserProfilesResponse {
  profileSummaries: BrowserProfileSummary[]
  nextToken?: string
}

export interface ListBrowserSessionsRequest {
  browserIdentifier: string
  maxResults?: number
  nextToken?: string
  status?: BrowserSessionStatus
}

export interface ListBrowserSessionsResponse {
  items: BrowserSessionSummary[]
  nextToken?: string
}

export interface ListBrowsersRequest {
  maxResults?: number
  nextToken?: string
  type?: ResourceType
}

export interface ListBrowsersResponse {
  browserSummaries: BrowserSummary[]
  nextToken?: string
}

export interface ListCapacityProvidersInput {
  maxResults?: number
  nextToken?: string
}

export interface ListCapacityProvidersOutput {
  capacityProviders: CapacityProviderSummary[]
  nextToken?: string
}

export interface ListCodeInterpreterSessionsRequest {
  codeInterpreterIdentifier: string
  maxResults?: number
  nextToken?: string
  status?: CodeInterpreterSessionStatus
}

export interface ListCodeInterpreterSessionsResponse {
  items: CodeInterpreterSessionSummary[]
  nextToken?: string
}

export interface ListCodeInterpretersRequest {
  maxResults?: number
  nextToken?: string
  type?: ResourceType
}

export interface ListCodeInterpretersResponse {
  codeInterpreterSummaries: CodeInterpreterSummary[]
  nextToken?: string
}

export interface ListConfigurationBundleVersionsRequest {
  bundleId: string
  nextToken?: string
  maxResults?: number
  filter?: VersionFilter
}

export interface ListConfigurationBundleVersionsResponse {
  versions: ConfigurationBundleVersionSummary[]
  nextToken?: string
}

export interface ListConfigurationBundlesRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListConfigurationBundlesResponse {
  bundles: ConfigurationBundleSummary[]
  nextToken?: string
}

export interface ListConsentPortalsRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListConsentPortalsResponse {
  consentPortals: ConsentPortalSummary[]
  nextToken?: string
}

export interface ListDatasetExamplesRequest {
  datasetId: string
  datasetVersion?: string
  maxResults?: number
  nextToken?: string
}

export interface ListDatasetExamplesResponse {
  datasetArn: string
  datasetId: string
  datasetVersion: string
  examples: unknown[]
  nextToken?: string
}

export interface ListDatasetVersionsRequest {
  datasetId: string
  nextToken?: string
  maxResults?: number
}

export interface ListDatasetVersionsResponse {
  versions: DatasetVersionSummary[]
  nextToken?: string
}

export interface ListDatasetsRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListDatasetsResponse {
  datasets: DatasetSummary[]
  nextToken?: string
}

export interface ListEvaluatorsRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListEvaluatorsResponse {
  evaluators: EvaluatorSummary[]
  nextToken?: string
}

export interface ListEventsInput {
  memoryId: string
  sessionId: string
  actorId: string
  includePayloads?: boolean
  filter?: FilterInput
  maxResults?: number
  nextToken?: string
}

export interface ListEventsOutput {
  events: Event[]
  nextToken?: string
}

export interface ListGatewayRateLimitsRequest {
  gatewayIdentifier: string
  maxResults?: number
  nextToken?: string
}

export interface ListGatewayRateLimitsResponse {
  rateLimits: GatewayRateLimitDetail[]
  nextToken?: string
}

export interface ListGatewayRulesRequest {
  gatewayIdentifier: string
  maxResults?: number
  nextToken?: string
}

export interface ListGatewayRulesResponse {
  gatewayRules: GatewayRuleDetail[]
  nextToken?: string
}

export interface ListGatewayTargetsRequest {
  gatewayIdentifier: string
  maxResults?: number
  nextToken?: string
}

export interface ListGatewayTargetsResponse {
  items: TargetSummary[]
  nextToken?: string
}

export interface ListGatewaysRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListGatewaysResponse {
  items: GatewaySummary[]
  nextToken?: string
}

export interface ListHarnessEndpointsRequest {
  harnessId: string
  maxResults?: number
  nextToken?: string
}

export interface ListHarnessEndpointsResponse {
  endpoints: HarnessEndpoint[]
  nextToken?: string
}

export interface ListHarnessVersionsRequest {
  harnessId: string
  maxResults?: number
  nextToken?: string
}

export interface ListHarnessVersionsResponse {
  harnessVersions: HarnessVersionSummary[]
  nextToken?: string
}

export interface ListHarnessesRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListHarnessesResponse {
  harnesses: HarnessSummary[]
  nextToken?: string
}

export interface ListMemoriesInput {
  maxResults?: number
  nextToken?: string
}

export interface ListMemoriesOutput {
  memories: MemorySummary[]
  nextToken?: string
}

export interface ListMemoryExtractionJobsInput {
  memoryId: string
  maxResults?: number
  filter?: ExtractionJobFilterInput
  nextToken?: string
}

export interface ListMemoryExtractionJobsOutput {
  jobs: ExtractionJobMetadata[]
  nextToken?: string
}

export interface ListMemoryRecordsInput {
  memoryId: string
  namespace?: string
  namespacePath?: string
  memoryStrategyId?: string
  maxResults?: number
  nextToken?: string
  metadataFilters?: MemoryMetadataFilterExpression[]
}

export interface ListMemoryRecordsOutput {
  memoryRecordSummaries: MemoryRecordSummary[]
  nextToken?: string
}

export interface ListOauth2CredentialProvidersRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListOauth2CredentialProvidersResponse {
  credentialProviders: Oauth2CredentialProviderItem[]
  nextToken?: string
}

export interface ListOnlineEvaluationConfigsRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListOnlineEvaluationConfigsResponse {
  onlineEvaluationConfigs: OnlineEvaluationConfigSummary[]
  nextToken?: string
}

export interface ListPaymentConnectorsRequest {
  paymentManagerId: string
  maxResults?: number
  nextToken?: string
}

export interface ListPaymentConnectorsResponse {
  paymentConnectors: PaymentConnectorSummary[]
  nextToken?: string
}

export interface ListPaymentCredentialProvidersRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListPaymentCredentialProvidersResponse {
  credentialProviders: PaymentCredentialProviderItem[]
  nextToken?: string
}

export interface ListPaymentInstrumentsRequest {
  paymentManagerArn: string
  userId?: string
  agentName?: string
  paymentConnectorId?: string
  nextToken?: string
  maxResults?: number
}

export interface ListPaymentInstrumentsResponse {
  paymentInstruments: PaymentInstrumentSummary[]
  nextToken?: string
}

export interface ListPaymentManagersRequest {
  maxResults?: number
  nextToken?: string
}

export interface ListPaymentManagersResponse {
  paymentManagers: PaymentManagerSummary[]
  nextToken?: string
}

export interface ListPaymentSessionsRequest {
  paymentManagerArn: string
  userId?: string
  agentName?: string
  nextToken?: string
  maxResults?: number
}

export interface ListPaymentSessionsResponse {
  paymentSessions: PaymentSessionSummary[]
  nextToken?: string
}

export interface ListPoliciesRequest {
  policyEngineId: string
  nextToken?: string
  maxResults?: number
  targetResourceScope?: string
}

export interface ListPoliciesResponse {
  policies: Policy[]
  nextToken?: string
}

export interface ListPolicyEngineSummariesRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListPolicyEngineSummariesResponse {
  policyEngines: PolicyEngineSummary[]
  nextToken?: string
}

export interface ListPolicyEnginesRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListPolicyEnginesResponse {
  policyEngines: PolicyEngine[]
  nextToken?: string
}

export interface ListPolicyGenerationAssetsRequest {
  policyGenerationId: string
  policyEngineId: string
  nextToken?: string
  maxResults?: number
}

export interface ListPolicyGenerationAssetsResponse {
  policyGenerationAssets?: PolicyGenerationAsset[]
  nextToken?: string
}

export interface ListPolicyGenerationSummariesRequest {
  policyEngineId: string
  nextToken?: string
  maxResults?: number
}

export interface ListPolicyGenerationSummariesResponse {
  policyGenerations: PolicyGenerationSummary[]
  nextToken?: string
}

export interface ListPolicyGenerationsRequest {
  policyEngineId: string
  nextToken?: string
  maxResults?: number
}

export interface ListPolicyGenerationsResponse {
  policyGenerations: PolicyGeneration[]
  nextToken?: string
}

export interface ListPolicySummariesRequest {
  policyEngineId: string
  nextToken?: string
  maxResults?: number
  targetResourceScope?: string
}

export interface ListPolicySummariesResponse {
  policies: PolicySummary[]
  nextToken?: string
}

export interface ListRecommendationsRequest {
  maxResults?: number
  nextToken?: string
  statusFilter?: RecommendationStatus
}

export interface ListRecommendationsResponse {
  recommendationSummaries: RecommendationSummary[]
  nextToken?: string
}

export interface ListRegistriesRequest {
  maxResults?: number
  nextToken?: string
  status?: RegistryStatus
  authorizerType?: RegistryAuthorizerType
}

export interface ListRegistriesResponse {
  registries: RegistrySummary[]
  nextToken?: string
}

export interface ListRegistryRecordsRequest {
  registryId: string
  maxResults?: number
  nextToken?: string
  name?: string
  status?: RegistryRecordStatus
  descriptorType?: DescriptorType
}

export interface ListRegistryRecordsResponse {
  registryRecords: RegistryRecordSummary[]
  nextToken?: string
}

export interface ListSessionsInput {
  memoryId: string
  actorId: string
  maxResults?: number
  nextToken?: string
  filter?: SessionFilter
}

export interface ListSessionsOutput {
  sessionSummaries: SessionSummary[]
  nextToken?: string
}

export interface ListTagsForResourceRequest {
  resourceArn: string
}

export interface ListTagsForResourceResponse {
  tags?: Record<string, string>
}

export interface ListWorkloadIdentitiesRequest {
  nextToken?: string
  maxResults?: number
}

export interface ListWorkloadIdentitiesResponse {
  workloadIdentities: WorkloadIdentityType[]
  nextToken?: string
}

export type ListingMode = 'DEFAULT' | 'DYNAMIC'

export interface LiveViewStream {
  streamEndpoint?: string
}

export interface LlmAsAJudgeEvaluatorConfig {
  instructions: string
  ratingScale: RatingScale
  modelConfig: EvaluatorModelConfig
}

export interface LlmExtractionConfig {
  definition: string
  llmExtractionInstruction?: string
  validation?: Validation
}

export interface MCPGatewayConfiguration {
  supportedVersions?: string[]
  instructions?: string
  searchType?: SearchType
  sessionConfiguration?: SessionConfiguration
  streamingConfiguration?: StreamingConfiguration
  disableMcpListToolsPagination?: boolean
}

export interface ManagedResourceDetails {
  domain?: string
  resourceGatewayArn?: string
  resourceAssociationArn?: string
}

export interface ManagedVpcResource {
  vpcIdentifier: string
  subnetIds: string[]
  endpointIpAddressType: EndpointIpAddressType
  securityGroupIds?: string[]
  tags?: Record<string, string>
  routingDomain?: string
}

export interface MatchPaths {
  anyOf: string[]
}

export type MatchPrincipalEntry =
  | { iamPrincipal: IamPrincipal }

export interface MatchPrincipals {
  anyOf: MatchPrincipalEntry[]
}

export interface McpDescriptor {
  server?: ServerDefinition
  tools?: ToolsDefinition
}

export interface McpLambdaTargetConfiguration {
  lambdaArn: string
  toolSchema: ToolSchema
}

export interface McpServerTargetConfiguration {
  endpoint: string
  mcpToolSchema?: McpToolSchemaConfiguration
  listingMode?: ListingMode
  resourcePriority?: number
}

export type McpTargetConfiguration =
  | { openApiSchema: ApiSchemaConfiguration; smithyModel?: undefined; lambda?: undefined; mcpServer?: undefined; apiGateway?: undefined; connector?: undefined }
  | { smithyModel: ApiSchemaConfiguration; openApiSchema?: undefined; lambda?: undefined; mcpServer?: undefined; apiGateway?: undefined; connector?: undefined }
  | { lambda: McpLambdaTargetConfiguration; openApiSchema?: undefined; smithyModel?: undefined; mcpServer?: undefined; apiGateway?: undefined; connector?: undefined }
  | { mcpServer: McpServerTargetConfiguration; openApiSchema?: undefined; smithyModel?: undefined; lambda?: undefined; apiGateway?: undefined; connector?: undefined }
  | { apiGateway: ApiGatewayTargetConfiguration; openApiSchema?: undefined; smithyModel?: undefined; lambda?: undefined; mcpServer?: undefined; connector?: undefined }
  | { connector: ConnectorTargetConfiguration; openApiSchema?: undefined; smithyModel?: undefined; lambda?: undefined; mcpServer?: undefined; apiGateway?: undefined }

export type McpToolSchemaConfiguration =
  | { s3: S3Configuration; inlinePayload?: undefined }
  | { inlinePayload: string; s3?: undefined }

export interface Memory {
  arn: string
  id: string
  name: string
  eventExpiryDuration: number
  status: MemoryStatus
  createdAt: number
  updatedAt: number
  description?: string
  encryptionKeyArn?: string
  memoryExecutionRoleArn?: string
  failureReason?: string
  strategies?: MemoryStrategy[]
  indexedKeys?: IndexedKey[]
  namespaceKeys?: NamespaceKeyEntry[]
  streamDeliveryResources?: StreamDeliveryResources
  managedByResourceArn?: string
}

export type MemoryContent =
  | { text: string }

export interface MemoryJsonData {
  content: unknown
}

export interface MemoryMetadataFilterExpression {
  left: MemoryRecordLeftExpression
  operator: MemoryRecordOperatorType
  right?: MemoryRecordRightExpression
}

export interface MemoryRecord {
  memoryRecordId: string
  content: MemoryContent
  memoryStrategyId: string
  namespaces: string[]
  createdAt: number
  metadata?: Record<string, MemoryRecordMetadataValue>
}

export interface MemoryRecordCreateInput {
  requestIdentifier: string
  namespaces: string[]
  content: MemoryContent
  timestamp: number
  memoryStrategyId?: string
  metadata?: Record<string, MemoryRecordMetadataValue>
}

export interface MemoryRecordDeleteInput {
  memoryRecordId: string
  namespace?: string
}

export type MemoryRecordLeftExpression =
  | { metadataKey: string }

export type MemoryRecordMetadataValue =
  | { stringValue: string; stringListValue?: undefined; numberValue?: undefined; dateTimeValue?: undefined }
  | { stringListValue: string[]; stringValue?: undefined; numberValue?: undefined; dateTimeValue?: undefined }
  | { numberValue: number; stringValue?: undefined; stringListValue?: undefined; dateTimeValue?: undefined }
  | { dateTimeValue: number; stringValue?: undefined; stringListValue?: undefined; numberValue?: undefined }

export type MemoryRecordOperatorType = 'EQUALS_TO' | 'EXISTS' | 'NOT_EXISTS' | 'BEFORE' | 'AFTER' | 'CONTAINS' | 'GREATER_THAN' | 'GREATER_THAN_OR_EQUALS' | 'LESS_THAN' | 'LESS_THAN_OR_EQUALS'

export interface MemoryRecordOutput {
  memoryRecordId: string
  status: MemoryRecordStatus
  requestIdentifier?: string
  errorCode?: number
  errorMessage?: string
}

export type MemoryRecordRightExpression =
  | { metadataValue: MemoryRecordMetadataValue }

export interface MemoryRecordSchema {
  metadataSchema?: MetadataSchemaEntry[]
}

export type MemoryRecordStatus = 'SUCCEEDED' | 'FAILED'

export interface MemoryRecordSummary {
  memoryRecordId: string
  content: MemoryContent
  memoryStrategyId: string
  namespaces: string[]
  createdAt: number
  score?: number
  metadata?: Record<string, MemoryRecordMetadataValue>
}

export interface MemoryRecordUpdateInput {
  memoryRecordId: string
  timestamp: number
  content?: MemoryContent
  namespaces?: string[]
  sourceNamespaces?: string[]
  memoryStrategyId?: string
  metadata?: Record<string, MemoryRecordMetadataValue>
}

export type MemoryStatus = 'CREATING' | 'ACTIVE' | 'FAILED' | 'DELETING' | 'UPDATING'

export interface MemoryStrategy {
  strategyId: string
  name: string
  type: MemoryStrategyType
  namespaces: string[]
  namespaceTemplates: string[]
  description?: string
  configuration?: StrategyConfiguration
  createdAt?: number
  updatedAt?: number
  status?: MemoryStrategyStatus
  memoryRecordSchema?: MemoryRecordSchema
}

export type MemoryStrategyInput =
  | { semanticMemoryStrategy: SemanticMemoryStrategyInput; summaryMemoryStrategy?: undefined; userPreferenceMemoryStrategy?: undefined; customMemoryStrategy?: undefined; episodicMemoryStrategy?: undefined }
  | { summaryMemoryStrategy: SummaryMemoryStrategyInput; semanticMemoryStrategy?: undefined; userPreferenceMemoryStrategy?: undefined; customMemoryStrategy?: undefined; episodicMemoryStrategy?: undefined }
  | { userPreferenceMemoryStrategy: UserPreferenceMemoryStrategyInput; semanticMemoryStrategy?: undefined; summaryMemoryStrategy?: undefined; customMemoryStrategy?: undefined; episodicMemoryStrategy?: undefined }
  | { customMemoryStrategy: CustomMemoryStrategyInput; semanticMemoryStrategy?: undefined; summaryMemoryStrategy?: undefined; userPreferenceMemoryStrategy?: undefined; episodicMemoryStrategy?: undefined }
  | { episodicMemoryStrategy: EpisodicMemoryStrategyInput; semanticMemoryStrategy?: undefined; summaryMemoryStrategy?: undefined; userPreferenceMemoryStrategy?: undefined; customMemoryStrategy?: undefined }

export type MemoryStrategyStatus = 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED'

export type MemoryStrategyType = 'SEMANTIC' | 'SUMMARIZATION' | 'USER_PREFERENCE' | 'CUSTOM' | 'EPISODIC'

export interface MemorySummary {
  createdAt: number
  updatedAt: number
  arn?: string
  id?: string
  status?: MemoryStatus
  managedByResourceArn?: string
}

export type MemoryView = 'full' | 'without_decryption'

export interface MessageBasedTrigger {
  messageCount?: number
}

export interface MessageBasedTriggerInput {
  messageCount?: number
}

export interface MessageMetadata {
  eventId: string
  messageIndex: number
}

export interface MetadataConfiguration {
  allowedRequestHeaders?: string[]
  allowedQueryParameters?: string[]
  allowedResponseHeaders?: string[]
}

export interface MetadataSchemaEntry {
  key: string
  type?: MetadataValueType
  extractionType?: ExtractionType
  extractionConfig?: ExtractionConfig
}

export type MetadataValue =
  | { stringValue: string }

export type MetadataValueType = 'STRING' | 'STRINGLIST' | 'NUMBER'

export interface MicrosoftOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
  tenantId?: string
}

export interface MicrosoftOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface ModelEntry {
  model: string
}

export interface ModelMapping {
  providerPrefix?: ProviderPrefix
}

export type ModifyConsolidationConfiguration =
  | { customConsolidationConfiguration: CustomConsolidationConfigurationInput }

export type ModifyExtractionConfiguration =
  | { customExtractionConfiguration: CustomExtractionConfigurationInput }

export interface ModifyInvocationConfigurationInput {
  topicArn?: string
  payloadDeliveryBucketName?: string
}

export interface ModifyMemoryStrategies {
  addMemoryStrategies?: MemoryStrategyInput[]
  modifyMemoryStrategies?: ModifyMemoryStrategyInput[]
  deleteMemoryStrategies?: DeleteMemoryStrategyInput[]
}

export interface ModifyMemoryStrategyInput {
  memoryStrategyId: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  configuration?: ModifyStrategyConfiguration
  memoryRecordSchema?: MemoryRecordSchema
}

export type ModifyReflectionConfiguration =
  | { episodicReflectionConfiguration: EpisodicReflectionConfigurationInput; customReflectionConfiguration?: undefined }
  | { customReflectionConfiguration: CustomReflectionConfigurationInput; episodicReflectionConfiguration?: undefined }

export interface ModifySelfManagedConfiguration {
  triggerConditions?: TriggerConditionInput[]
  invocationConfiguration?: ModifyInvocationConfigurationInput
  historicalContextWindowSize?: number
}

export interface ModifyStrategyConfiguration {
  extraction?: ModifyExtractionConfiguration
  consolidation?: ModifyConsolidationConfiguration
  reflection?: ModifyReflectionConfiguration
  selfManagedConfiguration?: ModifySelfManagedConfiguration
}

export type Monitoring = 'BASIC' | 'DETAILED'

export type MouseButton = 'LEFT' | 'RIGHT' | 'MIDDLE'

export interface MouseClickArguments {
  x: number
  y: number
  button?: MouseButton
  clickCount?: number
}

export interface MouseClickResult {
  status: BrowserActionStatus
  error?: string
}

export interface MouseDragArguments {
  endX: number
  endY: number
  startX: number
  startY: number
  button?: MouseButton
}

export interface MouseDragResult {
  status: BrowserActionStatus
  error?: string
}

export interface MouseMoveArguments {
  x: number
  y: number
}

export interface MouseMoveResult {
  status: BrowserActionStatus
  error?: string
}

export interface MouseScrollArguments {
  x: number
  y: number
  deltaX?: number
  deltaY?: number
}

export interface MouseScrollResult {
  status: BrowserActionStatus
  error?: string
}

export interface MppPaymentInput {
  version: string
  wwwAuthenticateHeaders: string[]
  buyerPaysGasFees?: boolean
}

export interface MppPaymentOutput {
  version: string
  selectedPaymentId: string
  paymentCredential: string
}

export interface NamespaceKeyEntry {
  key: string
  validation?: NamespaceKeyValidation
}

export interface NamespaceKeyValidation {
  allowedValues?: string[]
  regexPattern?: string
}

export interface NetworkConfiguration {
  networkMode: NetworkMode
  networkModeConfig?: VpcConfig
}

export type NetworkMode = 'PUBLIC' | 'VPC'

export interface NumberValidation {
  minValue?: number
  maxValue?: number
}

export interface NumericalScaleDefinition {
  definition: string
  value: number
  label: string
}

export interface OAuth2Authentication {
  sub: string
  emailAddress?: string
  name?: string
  username?: string
}

export interface OAuth2AuthorizationData {
  authorizationUrl: string
  userId?: string
}

export interface OAuthCredentialProvider {
  providerArn: string
  scopes: string[]
  customParameters?: Record<string, string>
  grantType?: OAuthGrantType
  defaultReturnUrl?: string
}

export type OAuthGrantType = 'CLIENT_CREDENTIALS' | 'AUTHORIZATION_CODE' | 'TOKEN_EXCHANGE'

export interface Oauth2AuthorizationServerMetadata {
  issuer: string
  authorizationEndpoint: string
  tokenEndpoint: string
  responseTypes?: string[]
  tokenEndpointAuthMethods?: string[]
}

export interface Oauth2CredentialProviderItem {
  name: string
  credentialProviderVendor: CredentialProviderVendorType
  credentialProviderArn: string
  createdTime: number
  lastUpdatedTime: number
}

export type Oauth2Discovery =
  | { discoveryUrl: string; authorizationServerMetadata?: undefined }
  | { authorizationServerMetadata: Oauth2AuthorizationServerMetadata; discoveryUrl?: undefined }

export type Oauth2FlowType = 'USER_FEDERATION' | 'M2M' | 'ON_BEHALF_OF_TOKEN_EXCHANGE'

export type Oauth2ProviderConfigInput =
  | { customOauth2ProviderConfig: CustomOauth2ProviderConfigInput; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { googleOauth2ProviderConfig: GoogleOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { githubOauth2ProviderConfig: GithubOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { slackOauth2ProviderConfig: SlackOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { salesforceOauth2ProviderConfig: SalesforceOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { microsoftOauth2ProviderConfig: MicrosoftOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { atlassianOauth2ProviderConfig: AtlassianOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { linkedinOauth2ProviderConfig: LinkedinOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { includedOauth2ProviderConfig: IncludedOauth2ProviderConfigInput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined }

export type Oauth2ProviderConfigOutput =
  | { customOauth2ProviderConfig: CustomOauth2ProviderConfigOutput; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { googleOauth2ProviderConfig: GoogleOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { githubOauth2ProviderConfig: GithubOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { slackOauth2ProviderConfig: SlackOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { salesforceOauth2ProviderConfig: SalesforceOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { microsoftOauth2ProviderConfig: MicrosoftOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { atlassianOauth2ProviderConfig: AtlassianOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { linkedinOauth2ProviderConfig: LinkedinOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; includedOauth2ProviderConfig?: undefined }
  | { includedOauth2ProviderConfig: IncludedOauth2ProviderConfigOutput; customOauth2ProviderConfig?: undefined; googleOauth2ProviderConfig?: undefined; githubOauth2ProviderConfig?: undefined; slackOauth2ProviderConfig?: undefined; salesforceOauth2ProviderConfig?: undefined; microsoftOauth2ProviderConfig?: undefined; atlassianOauth2ProviderConfig?: undefined; linkedinOauth2ProviderConfig?: undefined }

export interface OnBehalfOfTokenExchangeConfigType {
  grantType: OnBehalfOfTokenExchangeGrantTypeType
  tokenExchangeGrantTypeConfig?: TokenExchangeGrantTypeConfigType
}

export type OnBehalfOfTokenExchangeGrantTypeType = 'TOKEN_EXCHANGE' | 'JWT_AUTHORIZATION_GRANT'

export interface OnlineEvaluationConfigSource {
  onlineEvaluationConfigArn: string
  timeRange?: SessionFilterConfig
}

export type OnlineEvaluationConfigStatus = 'ACTIVE' | 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'DELETING' | 'ERROR'

export interface OnlineEvaluationConfigSummary {
  onlineEvaluationConfigArn: string
  onlineEvaluationConfigId: string
  onlineEvaluationConfigName: string
  status: OnlineEvaluationConfigStatus
  executionStatus: OnlineEvaluationExecutionStatus
  createdAt: number
  updatedAt: number
  description?: string
  failureReason?: string
  insights?: Insight[]
  clusteringConfig?: ClusteringConfig
}

export type OnlineEvaluationExecutionStatus = 'ENABLED' | 'DISABLED'

export interface OnlineEvaluationTraceConfig {
  onlineEvaluationConfigArn: string
  startTime: number
  endTime: number
}

export interface OpenResponsesEvaluatorModelConfig {
  modelId: string
  maxOutputTokens?: number
  temperature?: number
  topP?: number
  reasoning?: ReasoningConfiguration
}

export type OperatingSystem = 'LINUX_X86_64' | 'LINUX_ARM64'

export type OperatorType = 'EQUALS_TO' | 'EXISTS' | 'NOT_EXISTS'

export interface OutputConfig {
  cloudWatchConfig: CloudWatchOutputConfig
}

export type OverrideType = 'SEMANTIC_OVERRIDE' | 'SUMMARY_OVERRIDE' | 'USER_PREFERENCE_OVERRIDE' | 'SELF_MANAGED' | 'EPISODIC_OVERRIDE'

export type PassthroughProtocolType = 'MCP' | 'A2A' | 'INFERENCE' | 'CUSTOM'

export interface PassthroughTargetConfiguration {
  endpoint: string
  protocolType: PassthroughProtocolType
  schema?: HttpApiSchemaConfiguration
  stickinessConfiguration?: StickinessConfiguration
  staticQueryParameters?: Record<string, string>
  staticQueryParameterConflictResolution?: StaticQueryParameterConflictResolution
}

export type PayloadType =
  | { conversational: Conversational; blob?: undefined; json?: undefined }
  | { blob: unknown; conversational?: undefined; json?: undefined }
  | { json: MemoryJsonData; conversational?: undefined; blob?: undefined }

export type PaymentConnectorProvisionMode = 'MANUAL' | 'QUICK_CREATE'

export type PaymentConnectorStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'READY' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED' | 'AWS_MARKETPLACE_SUBSCRIPTION_REQUIRED' | 'PENDING_AUTHENTICATION' | 'PROVISIONING' | 'AUTHENTICATION_EXPIRED' | 'AUTHENTICATION_FAILED'

export interface PaymentConnectorSummary {
  paymentConnectorId: string
  name: string
  type: PaymentConnectorType
  status: PaymentConnectorStatus
  lastUpdatedAt: number
  provisionMode?: PaymentConnectorProvisionMode
}

export type PaymentConnectorType = 'CoinbaseCDP' | 'StripePrivy'

export interface PaymentCredentialProviderConfiguration {
  credentialProviderArn: string
}

export interface PaymentCredentialProviderItem {
  name: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  credentialProviderArn: string
  createdTime: number
  lastUpdatedTime: number
}

export type PaymentCredentialProviderVendorType = 'CoinbaseCDP' | 'StripePrivy'

export type PaymentHttpMethodType = 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'

export type PaymentInput =
  | { cryptoX402: CryptoX402PaymentInput; mpp?: undefined }
  | { mpp: MppPaymentInput; cryptoX402?: undefined }

export interface PaymentInstrument {
  paymentInstrumentId: string
  paymentManagerArn: string
  paymentConnectorId: string
  userId: string
  paymentInstrumentType: PaymentInstrumentType
  paymentInstrumentDetails: PaymentInstrumentDetails
  createdAt: number
  status: PaymentInstrumentStatus
  updatedAt: number
}

export type PaymentInstrumentDetails =
  | { embeddedCryptoWallet: EmbeddedCryptoWallet }

export type PaymentInstrumentStatus = 'INITIATED' | 'ACTIVE' | 'FAILED' | 'DELETED' | 'BLOCKED'

export interface PaymentInstrumentSummary {
  paymentInstrumentId: string
  paymentManagerArn: string
  paymentConnectorId: string
  userId: string
  paymentInstrumentType: PaymentInstrumentType
  status: PaymentInstrumentStatus
  createdAt: number
  updatedAt: number
}

export type PaymentInstrumentType = 'EMBEDDED_CRYPTO_WALLET'

export type PaymentManagerStatus = 'CREATING' | 'UPDATING' | 'DELETING' | 'READY' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED'

export interface PaymentManagerSummary {
  paymentManagerArn: string
  paymentManagerId: string
  name: string
  authorizerType: PaymentsAuthorizerType
  roleArn: string
  status: PaymentManagerStatus
  lastUpdatedAt: number
  description?: string
  createdAt?: number
  kmsKeyArn?: string
}

export type PaymentOutput =
  | { cryptoX402: CryptoX402PaymentOutput; mpp?: undefined }
  | { mpp: MppPaymentOutput; cryptoX402?: undefined }

export type PaymentProviderConfigurationInput =
  | { coinbaseCdpConfiguration: CoinbaseCdpConfigurationInput; stripePrivyConfiguration?: undefined }
  | { stripePrivyConfiguration: StripePrivyConfigurationInput; coinbaseCdpConfiguration?: undefined }

export type PaymentProviderConfigurationOutput =
  | { coinbaseCdpConfiguration: CoinbaseCdpConfigurationOutput; stripePrivyConfiguration?: undefined }
  | { stripePrivyConfiguration: StripePrivyConfigurationOutput; coinbaseCdpConfiguration?: undefined }

export interface PaymentSession {
  paymentSessionId: string
  paymentManagerArn: string
  userId: string
  expiryTimeInMinutes: number
  createdAt: number
  updatedAt: number
  limits?: SessionLimits
  availableLimits?: AvailableLimits
}

export type PaymentSessionStatus = 'ACTIVE' | 'EXPIRED' | 'DELETED'

export interface PaymentSessionSummary {
  paymentSessionId: string
  paymentManagerArn: string
  userId: string
  expiryTimeInMinutes: number
  createdAt: number
  updatedAt: number
}

export type PaymentStatus = 'PROOF_GENERATED'

export type PaymentTokenRequestInput =
  | { coinbaseCdpTokenRequest: CoinbaseCdpTokenRequestInput; stripePrivyTokenRequest?: undefined }
  | { stripePrivyTokenRequest: StripePrivyTokenRequestInput; coinbaseCdpTokenRequest?: undefined }

export type PaymentTokenResponseOutput =
  | { coinbaseCdpTokenResponse: CoinbaseCdpTokenResponseOutput; stripePrivyTokenResponse?: undefined }
  | { stripePrivyTokenResponse: StripePrivyTokenResponseOutput; coinbaseCdpTokenResponse?: undefined }

export type PaymentType = 'CRYPTO_X402' | 'MPP'

export type PaymentsAuthorizerType = 'CUSTOM_JWT' | 'AWS_IAM'

export interface PerVariantOnlineEvaluationConfig {
  name: string
  onlineEvaluationConfigArn: string
}

export type Period = 'second' | 'minute'

export interface PermissionsConfiguration {
  capacityProviderOperatorRoleArn: string
}

export interface Policy {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  definition: PolicyDefinition
  statusReasons: string[]
  enforcementMode?: EnforcementMode
  description?: string
}

export type PolicyDefinition =
  | { cedar: CedarPolicy; policyGeneration?: undefined; policy?: undefined }
  | { policyGeneration: PolicyGenerationDetails; cedar?: undefined; policy?: undefined }
  | { policy: PolicyStatement; cedar?: undefined; policyGeneration?: undefined }

export interface PolicyEngine {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  statusReasons: string[]
  encryptionKeyArn?: string
  description?: string
}

export type PolicyEngineStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED'

export interface PolicyEngineSummary {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  encryptionKeyArn?: string
}

export interface PolicyGeneration {
  policyEngineId: string
  policyGenerationId: string
  name: string
  policyGenerationArn: string
  resource: Resource
  createdAt: number
  updatedAt: number
  status: PolicyGenerationStatus
  statusReasons: string[]
  findings?: string
}

export interface PolicyGenerationAsset {
  policyGenerationAssetId: string
  rawTextFragment: string
  findings: Finding[]
  definition?: PolicyDefinition
}

export interface PolicyGenerationDetails {
  policyGenerationId: string
  policyGenerationAssetId: string
}

export type PolicyGenerationStatus = 'GENERATING' | 'GENERATED' | 'GENERATE_FAILED' | 'DELETE_FAILED'

export interface PolicyGenerationSummary {
  policyEngineId: string
  policyGenerationId: string
  name: string
  policyGenerationArn: string
  resource: Resource
  createdAt: number
  updatedAt: number
  status: PolicyGenerationStatus
  findings?: string
}

export interface PolicyStatement {
  statement: string
}

export type PolicyStatus = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETE_FAILED'

export interface PolicySummary {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  enforcementMode?: EnforcementMode
}

export type PolicyValidationMode = 'FAIL_ON_ANY_FINDINGS' | 'IGNORE_ALL_FINDINGS'

export type PrincipalMatchOperator = 'StringEquals' | 'StringLike'

export type PrivateEndpoint =
  | { selfManagedLatticeResource: SelfManagedLatticeResource; managedVpcResource?: undefined }
  | { managedVpcResource: ManagedVpcResource; selfManagedLatticeResource?: undefined }

export interface PrivateEndpointOverride {
  domain: string
  privateEndpoint: PrivateEndpoint
}

export interface PrivateKeyJwtConfig {
  privateKeySource?: PrivateKeySource
  signingAlgorithm?: SigningAlgorithm
  additionalHeaderClaims?: Record<string, string>
  additionalPayloadClaims?: Record<string, string>
}

export type PrivateKeySource =
  | { kmsKeySource: KmsKeySourceType }

export interface ProcessPaymentRequest {
  paymentManagerArn: string
  paymentSessionId: string
  paymentInstrumentId: string
  paymentType: PaymentType
  paymentInput: PaymentInput
  userId?: string
  agentName?: string
  clientToken?: string
}

export interface ProcessPaymentResponse {
  processPaymentId: string
  paymentManagerArn: string
  paymentSessionId: string
  paymentInstrumentId: string
  paymentType: PaymentType
  status: PaymentStatus
  paymentOutput: PaymentOutput
  createdAt: number
  updatedAt: number
}

export type ProgrammingLanguage = 'python' | 'javascript' | 'typescript'

export interface ProtocolConfiguration {
  serverProtocol: ServerProtocol
}

export type Provider = 'AWS' | 'DeepEval' | 'AutoEval' | 'Custom'

export interface ProviderPrefix {
  strip?: boolean
  separator?: string
}

export type Proxy =
  | { externalProxy: ExternalProxy }

export interface ProxyBypass {
  domainPatterns?: string[]
}

export interface ProxyConfiguration {
  proxies: Proxy[]
  bypass?: ProxyBypass
}

export type ProxyCredentials =
  | { basicAuth: BasicAuth }

export interface PutResourcePolicyRequest {
  resourceArn: string
  policy: string
}

export interface PutResourcePolicyResponse {
  policy: string
}

export interface RateConfig {
  rate: number
  period: Period
}

export type RatingScale =
  | { numerical: NumericalScaleDefinition[]; categorical?: undefined }
  | { categorical: CategoricalScaleDefinition[]; numerical?: undefined }

export interface ReasoningConfiguration {
  effort?: string
}

export type RecommendationConfig =
  | { systemPromptRecommendationConfig: SystemPromptRecommendationConfig; toolDescriptionRecommendationConfig?: undefined }
  | { toolDescriptionRecommendationConfig: ToolDescriptionRecommendationConfig; systemPromptRecommendationConfig?: undefined }

export interface RecommendationEvaluationConfig {
  evaluators: RecommendationEvaluatorReference[]
}

export interface RecommendationEvaluatorReference {
  evaluatorArn: string
}

export type RecommendationResult =
  | { systemPromptRecommendationResult: SystemPromptRecommendationResult; toolDescriptionRecommendationResult?: undefined }
  | { toolDescriptionRecommendationResult: ToolDescriptionRecommendationResult; systemPromptRecommendationResult?: undefined }

export interface RecommendationResultConfigurationBundle {
  bundleArn: string
  versionId: string
}

export type RecommendationStatus = 'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'DELETING'

export interface RecommendationSummary {
  recommendationId: string
  recommendationArn: string
  name: string
  type: RecommendationType
  status: RecommendationStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export type RecommendationType = 'SYSTEM_PROMPT_RECOMMENDATION' | 'TOOL_DESCRIPTION_RECOMMENDATION'

export interface RecordingConfig {
  enabled?: boolean
  s3Location?: S3Location
}

export type ReflectionConfiguration =
  | { customReflectionConfiguration: CustomReflectionConfiguration; episodicReflectionConfiguration?: undefined }
  | { episodicReflectionConfiguration: EpisodicReflectionConfiguration; customReflectionConfiguration?: undefined }

export type RegistryAuthorizerType = 'CUSTOM_JWT' | 'AWS_IAM'

export interface RegistryRecordCredentialProviderConfiguration {
  credentialProviderType: RegistryRecordCredentialProviderType
  credentialProvider: RegistryRecordCredentialProviderUnion
}

export type RegistryRecordCredentialProviderType = 'OAUTH' | 'IAM'

export type RegistryRecordCredentialProviderUnion =
  | { oauthCredentialProvider: RegistryRecordOAuthCredentialProvider; iamCredentialProvider?: undefined }
  | { iamCredentialProvider: RegistryRecordIamCredentialProvider; oauthCredentialProvider?: undefined }

export interface RegistryRecordIamCredentialProvider {
  roleArn?: string
  service?: string
  region?: string
}

export interface RegistryRecordOAuthCredentialProvider {
  providerArn: string
  grantType?: RegistryRecordOAuthGrantType
  scopes?: string[]
  customParameters?: Record<string, string>
}

export type RegistryRecordOAuthGrantType = 'CLIENT_CREDENTIALS'

export type RegistryRecordStatus = 'DRAFT' | 'PENDING_APPROVAL' | 'APPROVED' | 'REJECTED' | 'DEPRECATED' | 'CREATING' | 'UPDATING' | 'CREATE_FAILED' | 'UPDATE_FAILED'

export interface RegistryRecordSummary {
  registryArn: string
  recordArn: string
  recordId: string
  name: string
  descriptorType: DescriptorType
  recordVersion: string
  status: RegistryRecordStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export type RegistryStatus = 'CREATING' | 'READY' | 'UPDATING' | 'CREATE_FAILED' | 'UPDATE_FAILED' | 'DELETING' | 'DELETE_FAILED'

export interface RegistrySummary {
  name: string
  registryId: string
  registryArn: string
  status: RegistryStatus
  createdAt: number
  updatedAt: number
  description?: string
  authorizerType?: RegistryAuthorizerType
  statusReason?: string
}

export type RequestHeaderConfiguration =
  | { requestHeaderAllowlist: string[] }

export type Resource =
  | { arn: string }

export interface ResourceContent {
  type: ResourceContentType
  uri?: string
  mimeType?: string
  text?: string
  blob?: Uint8Array
}

export type ResourceContentType = 'text' | 'blob'

export interface ResourceLimitExceededException {
  message?: string
}

export type ResourceLocation =
  | { s3: S3Location }

export interface ResourceNotFoundException {
  message?: string
}

export type ResourceType = 'SYSTEM' | 'CUSTOM'

export interface ResponseChunk {
  contentStart?: ContentStartEvent
  contentDelta?: ContentDeltaEvent
  contentStop?: ContentStopEvent
}

export type RestApiMethod = 'GET' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'PUT' | 'POST'

export type ResultDestination = 'DEDICATED_LOG_GROUP' | 'SOURCE_LOG_GROUP'

export interface RetrieveMemoryRecordsInput {
  memoryId: string
  searchCriteria: SearchCriteria
  namespace?: string
  namespacePath?: string
  nextToken?: string
  maxResults?: number
}

export interface RetrieveMemoryRecordsOutput {
  memoryRecordSummaries: MemoryRecordSummary[]
  nextToken?: string
}

export interface RetryableConflictException {
  message: string
}

export type RightExpression =
  | { metadataValue: MetadataValue }

export type Role = 'ASSISTANT' | 'USER' | 'TOOL' | 'OTHER'

export interface RootCauseCluster {
  clusterId: number
  name: string
  rootCause: string
  recommendation: string
  affectedSessionCount: number
  affectedSessions: AffectedSession[]
}

export interface RootVolumeConfiguration {
  volumeType?: EbsVolumeType
  iops?: number
  throughput?: number
  encrypted?: boolean
  kmsKeyId?: string
  freeSpaceGiB?: number
}

export interface RotatePaymentConnectorCredentialsRequest {
  paymentManagerId: string
  paymentConnectorId: string
  credentialsToRotate: CredentialRotationConfig
  clientToken?: string
}

export interface RotatePaymentConnectorCredentialsResponse {
  paymentConnectorId: string
  paymentManagerId: string
  lastUpdatedAt: number
  status: PaymentConnectorStatus
}

export type RouteToTargetAction =
  | { staticRoute: StaticRoute; weightedRoute?: undefined }
  | { weightedRoute: WeightedRoute; staticRoute?: undefined }

export interface Rule {
  samplingConfig: SamplingConfig
  filters?: Filter[]
  sessionConfig?: SessionConfig
}

export interface RuntimeClientError {
  message?: string
}

export interface RuntimeMetadataConfiguration {
  requireMMDSV2: boolean
}

export interface RuntimeTargetConfiguration {
  arn: string
  qualifier?: string
  schema?: HttpApiSchemaConfiguration
}

export interface S3Configuration {
  uri?: string
  bucketOwnerAccountId?: string
}

export interface S3FilesAccessPointConfiguration {
  accessPointArn: string
  mountPath: string
}

export interface S3FilesConfiguration {
  accessPointArn: string
  mountPath: string
  fileSystemArn: string
}

export interface S3Location {
  bucket: string
  prefix: string
  versionId?: string
}

export interface S3Source {
  s3Uri: string
}

export interface SalesforceOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface SalesforceOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface SamplingConfig {
  samplingPercentage: number
}

export interface SaveBrowserSessionProfileRequest {
  profileIdentifier: string
  browserIdentifier: string
  sessionId: string
  traceId?: string
  traceParent?: string
  clientToken?: string
}

export interface SaveBrowserSessionProfileResponse {
  profileIdentifier: string
  browserIdentifier: string
  sessionId: string
  lastUpdatedAt: number
}

export interface SchemaDefinition {
  type: SchemaType
  properties?: Record<string, SchemaDefinition>
  required?: string[]
  items?: SchemaDefinition
  description?: string
}

export type SchemaType = 'string' | 'number' | 'object' | 'array' | 'boolean' | 'integer'

export interface ScreenshotArguments {
  format?: ScreenshotFormat
}

export type ScreenshotFormat = 'PNG'

export interface ScreenshotResult {
  status: BrowserActionStatus
  error?: string
  data?: Uint8Array
}

export interface SearchCriteria {
  searchQuery: string
  memoryStrategyId?: string
  topK?: number
  metadataFilters?: MemoryMetadataFilterExpression[]
}

export interface SearchRegistryRecordsRequest {
  searchQuery: string
  registryIds: string[]
  maxResults?: number
  filters?: unknown
}

export interface SearchRegistryRecordsResponse {
  registryRecords: DataRegistryRecordSummary[]
}

export type SearchType = 'SEMANTIC'

export interface Secret {
  secretArn: string
}

export interface SecretReference {
  secretId: string
  jsonKey: string
}

export type SecretSourceType = 'MANAGED' | 'EXTERNAL'

export interface SecretsManagerLocation {
  secretArn: string
}

export interface SelfManagedConfiguration {
  triggerConditions: TriggerCondition[]
  invocationConfiguration: InvocationConfiguration
  historicalContextWindowSize: number
}

export interface SelfManagedConfigurationInput {
  invocationConfiguration: InvocationConfigurationInput
  triggerConditions?: TriggerConditionInput[]
  historicalContextWindowSize?: number
}

export type SelfManagedLatticeResource =
  | { resourceConfigurationIdentifier: string }

export interface SemanticConsolidationOverride {
  appendToPrompt: string
  modelId: string
}

export interface SemanticExtractionOverride {
  appendToPrompt: string
  modelId: string
}

export interface SemanticMemoryStrategyInput {
  name: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface SemanticOverrideConfigurationInput {
  extraction?: SemanticOverrideExtractionConfigurationInput
  consolidation?: SemanticOverrideConsolidationConfigurationInput
}

export interface SemanticOverrideConsolidationConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface SemanticOverrideExtractionConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface ServerDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export type ServerProtocol = 'MCP' | 'HTTP' | 'A2A' | 'AGUI'

export interface ServiceException {
  message?: string
}

export interface ServiceQuotaExceededException {
  message?: string
}

export interface SessionConfig {
  sessionTimeoutMinutes: number
}

export interface SessionConfiguration {
  sessionTimeoutInSeconds?: number
}

export interface SessionFilter {
  eventFilter?: EventFilterCondition
}

export interface SessionFilterConfig {
  startTime?: number
  endTime?: number
}

export interface SessionLimits {
  maxSpendAmount: Amount
}

export interface SessionMetadataShape {
  sessionId: string
  testScenarioId?: string
  groundTruth?: GroundTruthSource
  metadata?: Record<string, string>
}

export type SessionStatus = 'IN_PROGRESS' | 'FAILED'

export interface SessionStorageConfiguration {
  mountPath: string
}

export interface SessionSummary {
  sessionId: string
  actorId: string
  createdAt: number
}

export interface SessionTraceIds {
  sessionId: string
  traceIds: string[]
}

export interface SetTokenVaultCMKRequest {
  kmsConfiguration: KmsConfiguration
  tokenVaultId?: string
}

export interface SetTokenVaultCMKResponse {
  tokenVaultId: string
  kmsConfiguration: KmsConfiguration
  lastModifiedDate: number
}

export type SigningAlgorithm = 'RS256' | 'PS256' | 'ES256'

export interface SkillDefinition {
  schemaVersion?: string
  inlineContent?: string
}

export interface SkillMdDefinition {
  inlineContent?: string
}

export interface SlackOauth2ProviderConfigInput {
  clientId: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export interface SlackOauth2ProviderConfigOutput {
  oauthDiscovery: Oauth2Discovery
  clientId?: string
}

export interface SpanContext {
  sessionId: string
  traceId?: string
  spanId?: string
}

export interface StartBatchEvaluationRequest {
  batchEvaluationName: string
  dataSourceConfig: DataDataSourceConfig
  evaluators?: Evaluator[]
  insights?: Insight[]
  clientToken?: string
  evaluationMetadata?: EvaluationMetadata
  tags?: Record<string, string>
  kmsKeyArn?: string
  description?: string
  outputConfig?: DataOutputConfig
}

export interface StartBatchEvaluationResponse {
  batchEvaluationId: string
  batchEvaluationArn: string
  batchEvaluationName: string
  status: BatchEvaluationStatus
  createdAt: number
  evaluators?: Evaluator[]
  insights?: Insight[]
  outputConfig?: DataOutputConfig
  tags?: Record<string, string>
  kmsKeyArn?: string
  description?: string
}

export interface StartBrowserSessionRequest {
  browserIdentifier: string
  traceId?: string
  traceParent?: string
  name?: string
  sessionTimeoutSeconds?: number
  viewPort?: ViewPort
  extensions?: BrowserExtension[]
  profileConfiguration?: BrowserProfileConfiguration
  proxyConfiguration?: ProxyConfiguration
  enterprisePolicies?: DataBrowserEnterprisePolicy[]
  certificates?: DataCertificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  clientToken?: string
}

export interface StartBrowserSessionResponse {
  browserIdentifier: string
  sessionId: string
  createdAt: number
  streams?: BrowserSessionStream
}

export interface StartCodeInterpreterSessionRequest {
  codeInterpreterIdentifier: string
  traceId?: string
  traceParent?: string
  name?: string
  sessionTimeoutSeconds?: number
  certificates?: DataCertificate[]
  filesystemConfigurations?: ToolsFileSystemConfiguration[]
  clientToken?: string
}

export interface StartCodeInterpreterSessionResponse {
  codeInterpreterIdentifier: string
  sessionId: string
  createdAt: number
}

export interface StartMemoryExtractionJobInput {
  memoryId: string
  extractionJob: ExtractionJob
  clientToken?: string
}

export interface StartMemoryExtractionJobOutput {
  jobId: string
}

export interface StartPolicyGenerationRequest {
  policyEngineId: string
  resource: Resource
  content: Content
  name: string
  clientToken?: string
}

export interface StartPolicyGenerationResponse {
  policyEngineId: string
  policyGenerationId: string
  name: string
  policyGenerationArn: string
  resource: Resource
  createdAt: number
  updatedAt: number
  status: PolicyGenerationStatus
  statusReasons: string[]
  findings?: string
}

export interface StartRecommendationRequest {
  name: string
  type: RecommendationType
  recommendationConfig: RecommendationConfig
  description?: string
  kmsKeyArn?: string
  clientToken?: string
  tags?: Record<string, string>
}

export interface StartRecommendationResponse {
  recommendationId: string
  recommendationArn: string
  name: string
  type: RecommendationType
  recommendationConfig: RecommendationConfig
  status: RecommendationStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export interface StaticOverride {
  bundleArn: string
  bundleVersion: string
}

export type StaticQueryParameterConflictResolution = 'CLIENT_OVERRIDE' | 'STATIC_OVERRIDE'

export interface StaticRoute {
  targetName: string
}

export type Status = 'CREATING' | 'CREATE_FAILED' | 'UPDATING' | 'UPDATE_FAILED' | 'READY' | 'DELETING' | 'DELETE_FAILED'

export interface StickinessConfiguration {
  identifier: string
  timeout?: number
  compositeIdentifier?: string[]
}

export interface StopBatchEvaluationRequest {
  batchEvaluationId: string
}

export interface StopBatchEvaluationResponse {
  batchEvaluationId: string
  batchEvaluationArn: string
  status: BatchEvaluationStatus
  description?: string
}

export interface StopBrowserSessionRequest {
  browserIdentifier: string
  sessionId: string
  traceId?: string
  traceParent?: string
  clientToken?: string
}

export interface StopBrowserSessionResponse {
  browserIdentifier: string
  sessionId: string
  lastUpdatedAt: number
}

export interface StopCodeInterpreterSessionRequest {
  codeInterpreterIdentifier: string
  sessionId: string
  traceId?: string
  traceParent?: string
  clientToken?: string
}

export interface StopCodeInterpreterSessionResponse {
  codeInterpreterIdentifier: string
  sessionId: string
  lastUpdatedAt: number
}

export interface StopRuntimeSessionRequest {
  runtimeSessionId: string
  agentRuntimeArn: string
  qualifier?: string
  clientToken?: string
}

export interface StopRuntimeSessionResponse {
  runtimeSessionId?: string
  statusCode?: number
}

export interface StrategyConfiguration {
  type?: OverrideType
  extraction?: ExtractionConfiguration
  consolidation?: ConsolidationConfiguration
  reflection?: ReflectionConfiguration
  selfManagedConfiguration?: SelfManagedConfiguration
}

export type StreamDeliveryResource =
  | { kinesis: KinesisResource }

export interface StreamDeliveryResources {
  resources: StreamDeliveryResource[]
}

export type StreamUpdate =
  | { automationStreamUpdate: AutomationStreamUpdate }

export interface StreamingConfiguration {
  enableResponseStreaming?: boolean
}

export interface StringListValidation {
  allowedValues?: string[]
  maxItems?: number
}

export interface StringValidation {
  allowedValues: string[]
}

export interface StripePrivyConfigurationInput {
  appId: string
  authorizationId: string
  appSecret?: string
  appSecretSource?: SecretSourceType
  appSecretConfig?: SecretReference
  authorizationPrivateKey?: string
  authorizationPrivateKeySource?: SecretSourceType
  authorizationPrivateKeyConfig?: SecretReference
}

export interface StripePrivyConfigurationOutput {
  appId: string
  appSecretArn: Secret
  authorizationPrivateKeyArn: Secret
  authorizationId: string
  appSecretJsonKey?: string
  appSecretSource?: SecretSourceType
  authorizationPrivateKeyJsonKey?: string
  authorizationPrivateKeySource?: SecretSourceType
}

export interface StripePrivyTokenRequestInput {
  requestPath: string
  requestBody: string
  requestHost?: string
  includeAuthorizationSignature?: boolean
}

export interface StripePrivyTokenResponseOutput {
  appId: string
  basicAuthToken: string
  authorizationSignature?: string
  requestExpiry?: number
}

export interface SubmitRegistryRecordForApprovalRequest {
  registryId: string
  recordId: string
}

export interface SubmitRegistryRecordForApprovalResponse {
  registryArn: string
  recordArn: string
  recordId: string
  status: RegistryRecordStatus
  updatedAt: number
}

export interface SubscriptionRequiredException {
  message: string
  subscriptionUrl?: string
  productName?: string
}

export interface SummaryConsolidationOverride {
  appendToPrompt: string
  modelId: string
}

export interface SummaryMemoryStrategyInput {
  name: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface SummaryOverrideConfigurationInput {
  consolidation?: SummaryOverrideConsolidationConfigurationInput
}

export interface SummaryOverrideConsolidationConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface SynchronizationConfiguration {
  fromUrl?: FromUrlSynchronizationConfiguration
}

export type SynchronizationType = 'URL'

export interface SynchronizeGatewayTargetsRequest {
  gatewayIdentifier: string
  targetIdList: string[]
}

export interface SynchronizeGatewayTargetsResponse {
  targets?: GatewayTarget[]
}

export interface SystemManagedBlock {
  managedBy: string
}

export type SystemPromptConfig =
  | { text: string; configurationBundle?: undefined }
  | { configurationBundle: SystemPromptConfigurationBundle; text?: undefined }

export interface SystemPromptConfigurationBundle {
  bundleArn: string
  versionId: string
  systemPromptJsonPath: string
}

export interface SystemPromptRecommendationConfig {
  systemPrompt: SystemPromptConfig
  agentTraces: AgentTracesConfig
  evaluationConfig?: RecommendationEvaluationConfig
}

export interface SystemPromptRecommendationResult {
  recommendedSystemPrompt?: string
  configurationBundle?: RecommendationResultConfigurationBundle
  explanation?: string
  errorCode?: string
  errorMessage?: string
}

export interface TagResourceRequest {
  resourceArn: string
  tags: Record<string, string>
}

export interface TagResourceResponse {
}

export type TargetConfiguration =
  | { mcp: McpTargetConfiguration; http?: undefined; inference?: undefined }
  | { http: HttpTargetConfiguration; mcp?: undefined; inference?: undefined }
  | { inference: InferenceTargetConfiguration; mcp?: undefined; http?: undefined }

export type TargetProtocolType = 'MCP' | 'HTTP'

export interface TargetRef {
  name: string
}

export type TargetStatus = 'CREATING' | 'UPDATING' | 'UPDATE_UNSUCCESSFUL' | 'DELETING' | 'READY' | 'FAILED' | 'SYNCHRONIZING' | 'SYNCHRONIZE_UNSUCCESSFUL' | 'CREATE_PENDING_AUTH' | 'UPDATE_PENDING_AUTH' | 'SYNCHRONIZE_PENDING_AUTH'

export interface TargetSummary {
  targetId: string
  name: string
  status: TargetStatus
  createdAt: number
  updatedAt: number
  description?: string
  resourcePriority?: number
  lastSynchronizedAt?: number
  authorizationData?: AuthorizationData
  targetType?: TargetType
  listingMode?: ListingMode
}

export interface TargetTrafficSplitEntry {
  name: string
  weight: number
  targetName: string
  description?: string
  metadata?: Record<string, string>
}

export type TargetType = 'OPEN_API_SCHEMA' | 'SMITHY_MODEL' | 'MCP_SERVER' | 'LAMBDA' | 'API_GATEWAY' | 'CONNECTOR' | 'AGENTCORE_RUNTIME' | 'PASSTHROUGH' | 'PROVIDER' | 'HTTP_CONNECTOR'

export type TaskStatus = 'submitted' | 'working' | 'completed' | 'canceled' | 'failed'

export interface ThrottledException {
  message?: string
}

export interface ThrottlingException {
  message?: string
}

export interface TimeBasedTrigger {
  idleSessionTimeout?: number
}

export interface TimeBasedTriggerInput {
  idleSessionTimeout?: number
}

export interface TokenBalance {
  amount: string
  decimals: number
  token: InstrumentBalanceToken
  network: CryptoWalletNetwork
  chain: BlockchainChainId
}

export interface TokenBasedTrigger {
  tokenCount?: number
}

export interface TokenBasedTriggerInput {
  tokenCount?: number
}

export interface TokenExchangeGrantTypeConfigType {
  actorTokenContent: ActorTokenContentType
  actorTokenScopes?: string[]
}

export interface TokenUsage {
  inputTokens?: number
  outputTokens?: number
  totalTokens?: number
}

export interface ToolArguments {
  code?: string
  language?: ProgrammingLanguage
  clearContext?: boolean
  command?: string
  path?: string
  paths?: string[]
  content?: InputContentBlock[]
  directoryPath?: string
  taskId?: string
  runtime?: LanguageRuntime
}

export interface ToolDefinition {
  name: string
  description: string
  inputSchema: SchemaDefinition
  outputSchema?: SchemaDefinition
}

export type ToolDescriptionConfig =
  | { text: string }

export interface ToolDescriptionConfigurationBundle {
  bundleArn: string
  versionId: string
  tools: ConfigurationBundleToolEntry[]
}

export interface ToolDescriptionInput {
  toolName: string
  toolDescription: ToolDescriptionConfig
}

export interface ToolDescriptionOutput {
  toolName: string
  recommendedToolDescription?: string
  explanation?: string
}

export interface ToolDescriptionRecommendationConfig {
  toolDescription: ToolDescriptionSource
  agentTraces: AgentTracesConfig
}

export interface ToolDescriptionRecommendationResult {
  tools?: ToolDescriptionOutput[]
  configurationBundle?: RecommendationResultConfigurationBundle
  errorCode?: string
  errorMessage?: string
}

export type ToolDescriptionSource =
  | { toolDescriptionText: ToolDescriptionTextInput; configurationBundle?: undefined }
  | { configurationBundle: ToolDescriptionConfigurationBundle; toolDescriptionText?: undefined }

export interface ToolDescriptionTextInput {
  tools: ToolDescriptionInput[]
}

export type ToolName = 'executeCode' | 'executeCommand' | 'readFiles' | 'listFiles' | 'removeFiles' | 'writeFiles' | 'startCommandExecution' | 'getTask' | 'stopTask'

export interface ToolResultStructuredContent {
  taskId?: string
  taskStatus?: TaskStatus
  stdout?: string
  stderr?: string
  exitCode?: number
  executionTime?: number
}

export type ToolSchema =
  | { s3: S3Configuration; inlinePayload?: undefined }
  | { inlinePayload: ToolDefinition[]; s3?: undefined }

export interface ToolsDefinition {
  protocolVersion?: string
  inlineContent?: string
}

export type ToolsFileSystemConfiguration =
  | { s3FilesConfiguration: S3FilesConfiguration; efsConfiguration?: undefined }
  | { efsConfiguration: EfsConfiguration; s3FilesConfiguration?: undefined }

export interface TrafficSplitEntry {
  name: string
  weight: number
  configurationBundle: ConfigurationBundleReference
  description?: string
  metadata?: Record<string, string>
}

export type TriggerCondition =
  | { messageBasedTrigger: MessageBasedTrigger; tokenBasedTrigger?: undefined; timeBasedTrigger?: undefined }
  | { tokenBasedTrigger: TokenBasedTrigger; messageBasedTrigger?: undefined; timeBasedTrigger?: undefined }
  | { timeBasedTrigger: TimeBasedTrigger; messageBasedTrigger?: undefined; tokenBasedTrigger?: undefined }

export type TriggerConditionInput =
  | { messageBasedTrigger: MessageBasedTriggerInput; tokenBasedTrigger?: undefined; timeBasedTrigger?: undefined }
  | { tokenBasedTrigger: TokenBasedTriggerInput; messageBasedTrigger?: undefined; timeBasedTrigger?: undefined }
  | { timeBasedTrigger: TimeBasedTriggerInput; messageBasedTrigger?: undefined; tokenBasedTrigger?: undefined }

export interface UnauthorizedException {
  message?: string
}

export interface Unit {
}

export interface UntagResourceRequest {
  resourceArn: string
  tagKeys: string[]
}

export interface UntagResourceResponse {
}

export interface UpdateABTestRequest {
  abTestId: string
  clientToken?: string
  name?: string
  description?: string
  variants?: Variant[]
  gatewayFilter?: GatewayFilter
  evaluationConfig?: ABTestEvaluationConfig
  roleArn?: string
  executionStatus?: ABTestExecutionStatus
}

export interface UpdateABTestResponse {
  abTestId: string
  abTestArn: string
  status: ABTestStatus
  executionStatus: ABTestExecutionStatus
  updatedAt: number
}

export interface UpdateAgentRuntimeEndpointRequest {
  agentRuntimeId: string
  endpointName: string
  agentRuntimeVersion?: string
  description?: string
  clientToken?: string
}

export interface UpdateAgentRuntimeEndpointResponse {
  agentRuntimeEndpointArn: string
  agentRuntimeArn: string
  status: AgentRuntimeEndpointStatus
  createdAt: number
  lastUpdatedAt: number
  liveVersion?: string
  targetVersion?: string
}

export interface UpdateAgentRuntimeRequest {
  agentRuntimeId: string
  agentRuntimeArtifact: AgentRuntimeArtifact
  roleArn: string
  networkConfiguration?: NetworkConfiguration
  description?: string
  authorizerConfiguration?: AuthorizerConfiguration
  requestHeaderConfiguration?: RequestHeaderConfiguration
  protocolConfiguration?: ProtocolConfiguration
  lifecycleConfiguration?: LifecycleConfiguration
  metadataConfiguration?: RuntimeMetadataConfiguration
  environmentVariables?: Record<string, string>
  filesystemConfigurations?: FilesystemConfiguration[]
  capacityProviderConfiguration?: CapacityProviderConfiguration
  platformVersion?: string
  clientToken?: string
}

export interface UpdateAgentRuntimeResponse {
  agentRuntimeArn: string
  agentRuntimeId: string
  agentRuntimeVersion: string
  createdAt: number
  lastUpdatedAt: number
  status: AgentRuntimeStatus
  workloadIdentityDetails?: WorkloadIdentityDetails
}

export interface UpdateApiKeyCredentialProviderRequest {
  name: string
  apiKey?: string
  apiKeySecretConfig?: SecretReference
  apiKeySecretSource?: SecretSourceType
}

export interface UpdateApiKeyCredentialProviderResponse {
  apiKeySecretArn: Secret
  name: string
  credentialProviderArn: string
  createdTime: number
  lastUpdatedTime: number
  apiKeySecretJsonKey?: string
  apiKeySecretSource?: SecretSourceType
}

export interface UpdateBrowserStreamRequest {
  browserIdentifier: string
  sessionId: string
  streamUpdate: StreamUpdate
  clientToken?: string
}

export interface UpdateBrowserStreamResponse {
  browserIdentifier: string
  sessionId: string
  streams: BrowserSessionStream
  updatedAt: number
}

export interface UpdateCapacityProviderInput {
  capacityProviderId: string
  description?: UpdatedDescription
  clientToken?: string
}

export interface UpdateCapacityProviderOutput {
  capacityProviderId: string
  capacityProviderArn: string
  name: string
  status: CapacityProviderStatus
  createdAt: number
  lastUpdatedAt: number
}

export interface UpdateConfigurationBundleRequest {
  bundleId: string
  parentVersionIds: string[]
  clientToken?: string
  bundleName?: string
  description?: string
  components?: Record<string, ComponentConfiguration>
  branchName?: string
  commitMessage?: string
  createdBy?: VersionCreatedBySource
  kmsKeyArn?: string
}

export interface UpdateConfigurationBundleResponse {
  bundleArn: string
  bundleId: string
  versionId: string
  updatedAt: number
}

export interface UpdateConsentPortalRequest {
  consentPortalIdentifier: string
  executionRoleArn?: string
  idpConfig?: ConsentPortalIdpConfig
  description?: string
}

export interface UpdateConsentPortalResponse {
  sources: ConsentPortalSource[]
  consentPortalArn: string
  consentPortalId: string
  createdAt: number
  executionRoleArn: string
  idpConfig: ConsentPortalIdpConfig
  name: string
  status: ConsentPortalStatus
  updatedAt: number
  description?: string
  portalUrl?: string
  statusReason?: string
}

export interface UpdateDatasetExamplesRequest {
  datasetId: string
  examples: unknown[]
  clientToken?: string
}

export interface UpdateDatasetExamplesResponse {
  datasetArn: string
  datasetId: string
  status: DatasetStatus
  updatedCount: number
  updatedAt: number
}

export interface UpdateDatasetRequest {
  datasetId: string
  clientToken?: string
  description?: string
}

export interface UpdateDatasetResponse {
  datasetArn: string
  datasetId: string
  updatedAt: number
}

export interface UpdateEvaluatorRequest {
  evaluatorId: string
  clientToken?: string
  description?: string
  evaluatorConfig?: EvaluatorConfig
  level?: EvaluatorLevel
  kmsKeyArn?: string
}

export interface UpdateEvaluatorResponse {
  evaluatorArn: string
  evaluatorId: string
  updatedAt: number
  status: EvaluatorStatus
}

export interface UpdateGatewayRateLimitRequest {
  gatewayIdentifier: string
  rateLimitId: string
  entries: LimitEntry[]
  description?: string
}

export interface UpdateGatewayRateLimitResponse {
  rateLimitId: string
  gatewayIdentifier: string
  dimensionKeys: string[]
  entries: LimitEntry[]
  status: GatewayRateLimitStatus
  createdAt: number
  updatedAt: number
  description?: string
}

export interface UpdateGatewayRequest {
  gatewayIdentifier: string
  name: string
  roleArn: string
  authorizerType: AuthorizerType
  description?: string
  protocolType?: GatewayProtocolType
  protocolConfiguration?: GatewayProtocolConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
  kmsKeyArn?: string
  customTransformConfiguration?: CustomTransformConfiguration
  interceptorConfigurations?: GatewayInterceptorConfiguration[]
  policyEngineConfiguration?: GatewayPolicyEngineConfiguration
  exceptionLevel?: ExceptionLevel
  wafConfiguration?: WafConfiguration
}

export interface UpdateGatewayResponse {
  gatewayArn: string
  gatewayId: string
  createdAt: number
  updatedAt: number
  status: GatewayStatus
  name: string
  authorizerType: AuthorizerType
  gatewayUrl?: string
  statusReasons?: string[]
  description?: string
  roleArn?: string
  protocolType?: GatewayProtocolType
  protocolConfiguration?: GatewayProtocolConfiguration
  authorizerConfiguration?: AuthorizerConfiguration
  kmsKeyArn?: string
  customTransformConfiguration?: CustomTransformConfiguration
  interceptorConfigurations?: GatewayInterceptorConfiguration[]
  policyEngineConfiguration?: GatewayPolicyEngineConfiguration
  workloadIdentityDetails?: WorkloadIdentityDetails
  exceptionLevel?: ExceptionLevel
  webAclArn?: string
  wafConfiguration?: WafConfiguration
}

export interface UpdateGatewayRuleRequest {
  gatewayIdentifier: string
  ruleId: string
  priority?: number
  conditions?: Condition[]
  actions?: Action[]
  description?: string
}

export interface UpdateGatewayRuleResponse {
  ruleId: string
  gatewayArn: string
  priority: number
  actions: Action[]
  createdAt: number
  status: GatewayRuleStatus
  conditions?: Condition[]
  description?: string
  system?: SystemManagedBlock
  updatedAt?: number
}

export interface UpdateGatewayTargetRequest {
  gatewayIdentifier: string
  targetId: string
  targetConfiguration: TargetConfiguration
  name?: string
  description?: string
  credentialProviderConfigurations?: CredentialProviderConfiguration[]
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
}

export interface UpdateGatewayTargetResponse {
  gatewayArn: string
  targetId: string
  createdAt: number
  updatedAt: number
  status: TargetStatus
  name: string
  targetConfiguration: TargetConfiguration
  credentialProviderConfigurations: CredentialProviderConfiguration[]
  statusReasons?: string[]
  description?: string
  lastSynchronizedAt?: number
  metadataConfiguration?: MetadataConfiguration
  privateEndpoint?: PrivateEndpoint
  privateEndpointManagedResources?: ManagedResourceDetails[]
  authorizationData?: AuthorizationData
  protocolType?: TargetProtocolType
}

export interface UpdateHarnessEndpointRequest {
  harnessId: string
  endpointName: string
  targetVersion?: string
  description?: string
  clientToken?: string
}

export interface UpdateHarnessEndpointResponse {
  endpoint: HarnessEndpoint
}

export interface UpdateHarnessRequest {
  harnessId: string
  clientToken?: string
  executionRoleArn?: string
  environment?: HarnessEnvironmentProviderRequest
  environmentArtifact?: UpdatedHarnessEnvironmentArtifact
  environmentVariables?: Record<string, string>
  authorizerConfiguration?: UpdatedAuthorizerConfiguration
  model?: HarnessModelConfiguration
  systemPrompt?: HarnessSystemContentBlock[]
  tools?: HarnessTool[]
  skills?: HarnessSkill[]
  allowedTools?: string[]
  memory?: UpdatedHarnessMemoryConfiguration
  truncation?: HarnessTruncationConfiguration
  hooks?: HarnessHook[]
  maxIterations?: number
  maxTokens?: number
  timeoutSeconds?: number
}

export interface UpdateHarnessResponse {
  harness: Harness
}

export interface UpdateMemoryInput {
  memoryId: string
  clientToken?: string
  description?: string
  eventExpiryDuration?: number
  memoryExecutionRoleArn?: string
  memoryStrategies?: ModifyMemoryStrategies
  addIndexedKeys?: IndexedKey[]
  namespaceKeys?: NamespaceKeyEntry[]
  streamDeliveryResources?: StreamDeliveryResources
}

export interface UpdateMemoryOutput {
  memory?: Memory
}

export interface UpdateOauth2CredentialProviderRequest {
  name: string
  credentialProviderVendor: CredentialProviderVendorType
  oauth2ProviderConfigInput: Oauth2ProviderConfigInput
}

export interface UpdateOauth2CredentialProviderResponse {
  clientSecretArn: Secret
  name: string
  credentialProviderVendor: CredentialProviderVendorType
  credentialProviderArn: string
  oauth2ProviderConfigOutput: Oauth2ProviderConfigOutput
  createdTime: number
  lastUpdatedTime: number
  clientSecretJsonKey?: string
  clientSecretSource?: SecretSourceType
  callbackUrl?: string
  status?: Status
}

export interface UpdateOnlineEvaluationConfigRequest {
  onlineEvaluationConfigId: string
  clientToken?: string
  description?: string
  rule?: Rule
  dataSourceConfig?: DataSourceConfig
  evaluators?: EvaluatorReference[]
  insights?: Insight[]
  clusteringConfig?: ClusteringConfig
  outputConfig?: OutputConfig
  evaluationExecutionRoleArn?: string
  executionStatus?: OnlineEvaluationExecutionStatus
}

export interface UpdateOnlineEvaluationConfigResponse {
  onlineEvaluationConfigArn: string
  onlineEvaluationConfigId: string
  updatedAt: number
  status: OnlineEvaluationConfigStatus
  executionStatus: OnlineEvaluationExecutionStatus
  failureReason?: string
}

export interface UpdatePaymentConnectorRequest {
  paymentManagerId: string
  paymentConnectorId: string
  description?: string
  type?: PaymentConnectorType
  credentialProviderConfigurations?: CredentialsProviderConfiguration[]
  clientToken?: string
}

export interface UpdatePaymentConnectorResponse {
  paymentConnectorId: string
  paymentManagerId: string
  name: string
  type: PaymentConnectorType
  credentialProviderConfigurations: CredentialsProviderConfiguration[]
  lastUpdatedAt: number
  status: PaymentConnectorStatus
  authorizationUrl?: string
}

export interface UpdatePaymentCredentialProviderRequest {
  name: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  providerConfigurationInput: PaymentProviderConfigurationInput
}

export interface UpdatePaymentCredentialProviderResponse {
  name: string
  credentialProviderVendor: PaymentCredentialProviderVendorType
  credentialProviderArn: string
  providerConfigurationOutput: PaymentProviderConfigurationOutput
  createdTime: number
  lastUpdatedTime: number
}

export interface UpdatePaymentManagerRequest {
  paymentManagerId: string
  description?: string
  authorizerType?: PaymentsAuthorizerType
  authorizerConfiguration?: AuthorizerConfiguration
  roleArn?: string
  clientToken?: string
  kmsKeyArn?: string
}

export interface UpdatePaymentManagerResponse {
  paymentManagerArn: string
  paymentManagerId: string
  name: string
  authorizerType: PaymentsAuthorizerType
  roleArn: string
  lastUpdatedAt: number
  status: PaymentManagerStatus
  workloadIdentityDetails?: WorkloadIdentityDetails
  kmsKeyArn?: string
}

export interface UpdatePolicyEngineRequest {
  policyEngineId: string
  description?: UpdatedDescription
}

export interface UpdatePolicyEngineResponse {
  policyEngineId: string
  name: string
  createdAt: number
  updatedAt: number
  policyEngineArn: string
  status: PolicyEngineStatus
  statusReasons: string[]
  encryptionKeyArn?: string
  description?: string
}

export interface UpdatePolicyRequest {
  policyEngineId: string
  policyId: string
  description?: UpdatedDescription
  definition?: PolicyDefinition
  validationMode?: PolicyValidationMode
  enforcementMode?: EnforcementMode
}

export interface UpdatePolicyResponse {
  policyId: string
  name: string
  policyEngineId: string
  createdAt: number
  updatedAt: number
  policyArn: string
  status: PolicyStatus
  definition: PolicyDefinition
  statusReasons: string[]
  enforcementMode?: EnforcementMode
  description?: string
}

export interface UpdateRegistryRecordRequest {
  registryId: string
  recordId: string
  name?: string
  description?: UpdatedDescription
  descriptorType?: DescriptorType
  descriptors?: UpdatedDescriptors
  recordVersion?: string
  synchronizationType?: UpdatedSynchronizationType
  synchronizationConfiguration?: UpdatedSynchronizationConfiguration
  triggerSynchronization?: boolean
}

export interface UpdateRegistryRecordResponse {
  registryArn: string
  recordArn: string
  recordId: string
  name: string
  descriptorType: DescriptorType
  descriptors: Descriptors
  status: RegistryRecordStatus
  createdAt: number
  updatedAt: number
  description?: string
  recordVersion?: string
  statusReason?: string
  synchronizationType?: SynchronizationType
  synchronizationConfiguration?: SynchronizationConfiguration
}

export interface UpdateRegistryRecordStatusRequest {
  registryId: string
  recordId: string
  status: RegistryRecordStatus
  statusReason: string
}

export interface UpdateRegistryRecordStatusResponse {
  registryArn: string
  recordArn: string
  recordId: string
  status: RegistryRecordStatus
  statusReason: string
  updatedAt: number
}

export interface UpdateRegistryRequest {
  registryId: string
  name?: string
  description?: UpdatedDescription
  authorizerConfiguration?: UpdatedAuthorizerConfiguration
  approvalConfiguration?: UpdatedApprovalConfiguration
}

export interface UpdateRegistryResponse {
  name: string
  registryId: string
  registryArn: string
  status: RegistryStatus
  createdAt: number
  updatedAt: number
  description?: string
  authorizerType?: RegistryAuthorizerType
  authorizerConfiguration?: AuthorizerConfiguration
  approvalConfiguration?: ApprovalConfiguration
  statusReason?: string
}

export interface UpdateWorkloadIdentityRequest {
  name: string
  allowedResourceOauth2ReturnUrls?: string[]
}

export interface UpdateWorkloadIdentityResponse {
  name: string
  workloadIdentityArn: string
  createdTime: number
  lastUpdatedTime: number
  allowedResourceOauth2ReturnUrls?: string[]
}

export interface UpdatedA2aDescriptor {
  optionalValue?: A2aDescriptor
}

export interface UpdatedAgentSkillsDescriptor {
  optionalValue?: UpdatedAgentSkillsDescriptorFields
}

export interface UpdatedAgentSkillsDescriptorFields {
  skillMd?: UpdatedSkillMdDefinition
  skillDefinition?: UpdatedSkillDefinition
}

export interface UpdatedApprovalConfiguration {
  optionalValue?: ApprovalConfiguration
}

export interface UpdatedAuthorizerConfiguration {
  optionalValue?: AuthorizerConfiguration
}

export interface UpdatedCustomDescriptor {
  optionalValue?: CustomDescriptor
}

export interface UpdatedDescription {
  optionalValue?: string
}

export interface UpdatedDescriptors {
  optionalValue?: UpdatedDescriptorsUnion
}

export interface UpdatedDescriptorsUnion {
  mcp?: UpdatedMcpDescriptor
  a2a?: UpdatedA2aDescriptor
  custom?: UpdatedCustomDescriptor
  agentSkills?: UpdatedAgentSkillsDescriptor
}

export interface UpdatedHarnessEnvironmentArtifact {
  optionalValue?: HarnessEnvironmentArtifact
}

export interface UpdatedHarnessMemoryConfiguration {
  optionalValue?: HarnessMemoryConfiguration
}

export interface UpdatedMcpDescriptor {
  optionalValue?: UpdatedMcpDescriptorFields
}

export interface UpdatedMcpDescriptorFields {
  server?: UpdatedServerDefinition
  tools?: UpdatedToolsDefinition
}

export interface UpdatedServerDefinition {
  optionalValue?: ServerDefinition
}

export interface UpdatedSkillDefinition {
  optionalValue?: SkillDefinition
}

export interface UpdatedSkillMdDefinition {
  optionalValue?: SkillMdDefinition
}

export interface UpdatedSynchronizationConfiguration {
  optionalValue?: SynchronizationConfiguration
}

export interface UpdatedSynchronizationType {
  optionalValue?: SynchronizationType
}

export interface UpdatedToolsDefinition {
  optionalValue?: ToolsDefinition
}

export type UserIdentifier =
  | { userToken: string; userId?: undefined }
  | { userId: string; userToken?: undefined }

export interface UserIntentAffectedSession {
  sessionId: string
  userMessages: string[]
}

export interface UserIntentCluster {
  clusterId: number
  name: string
  description: string
  affectedSessionCount: number
  affectedSessions: UserIntentAffectedSession[]
}

export interface UserIntentClusteringResultContent {
  userIntents: UserIntentCluster[]
}

export interface UserPreferenceConsolidationOverride {
  appendToPrompt: string
  modelId: string
}

export interface UserPreferenceExtractionOverride {
  appendToPrompt: string
  modelId: string
}

export interface UserPreferenceMemoryStrategyInput {
  name: string
  description?: string
  namespaces?: string[]
  namespaceTemplates?: string[]
  memoryRecordSchema?: MemoryRecordSchema
}

export interface UserPreferenceOverrideConfigurationInput {
  extraction?: UserPreferenceOverrideExtractionConfigurationInput
  consolidation?: UserPreferenceOverrideConsolidationConfigurationInput
}

export interface UserPreferenceOverrideConsolidationConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export interface UserPreferenceOverrideExtractionConfigurationInput {
  appendToPrompt: string
  modelId: string
}

export type Validation =
  | { stringValidation: StringValidation; stringListValidation?: undefined; numberValidation?: undefined }
  | { stringListValidation: StringListValidation; stringValidation?: undefined; numberValidation?: undefined }
  | { numberValidation: NumberValidation; stringValidation?: undefined; stringListValidation?: undefined }

export interface ValidationException {
  message: string
  reason: ValidationExceptionReason
  fieldList?: ValidationExceptionField[]
}

export interface ValidationExceptionField {
  name: string
  message: string
}

export type ValidationExceptionReason = 'CannotParse' | 'FieldValidationFailed' | 'IdempotentParameterMismatchException' | 'EventInOtherSession' | 'ResourceConflict'

export interface Variant {
  name: string
  weight: number
  variantConfiguration: VariantConfiguration
}

export interface VariantConfiguration {
  configurationBundle?: ConfigurationBundleRef
  target?: TargetRef
}

export interface VariantResult {
  variantName: string
  sampleSize: number
  mean: number
  isSignificant: boolean
  absoluteChange?: number
  percentChange?: number
  pValue?: number
  confidenceInterval?: ConfidenceInterval
}

export interface VersionCreatedBySource {
  name: string
  arn?: string
}

export interface VersionFilter {
  branchName?: string
  createdByName?: string
  latestPerBranch?: boolean
}

export interface VersionLineageMetadata {
  parentVersionIds?: string[]
  branchName?: string
  createdBy?: VersionCreatedBySource
  commitMessage?: string
}

export interface ViewPort {
  width: number
  height: number
}

export type VolumeConfiguration =
  | { ebsConfiguration: EbsVolumeConfiguration }

export interface VpcConfig {
  securityGroups: string[]
  subnets: string[]
  requireServiceS3Endpoint?: boolean
}

export interface VpcConfiguration {
  subnets: string[]
  securityGroups: string[]
}

export interface WafConfiguration {
  failureMode?: WafFailureMode
}

export type WafFailureMode = 'FAIL_CLOSE' | 'FAIL_OPEN'

export interface WeightedOverride {
  trafficSplit: TrafficSplitEntry[]
}

export interface WeightedRoute {
  trafficSplit: TargetTrafficSplitEntry[]
}

export interface WorkloadIdentityDetails {
  workloadIdentityArn: string
}

export interface WorkloadIdentityType {
  name: string
  workloadIdentityArn: string
}
