// Written by tools/generate-model. Do not edit: change the generator or the sources, then run `npm run generate-model`.

export interface AccessDeniedException {
  message?: string
}

export interface AnyToolChoice {
}

export interface AppliedGuardrailDetails {
  guardrailId?: string
  guardrailVersion?: string
  guardrailArn?: string
  guardrailOrigin?: GuardrailOrigin[]
  guardrailOwnership?: GuardrailOwnership
}

export interface AudioBlock {
  format: AudioFormat
  source: AudioSource
  error?: ErrorBlock
}

export type AudioFormat = 'mp3' | 'opus' | 'wav' | 'aac' | 'flac' | 'mp4' | 'ogg' | 'mkv' | 'mka' | 'x-aac' | 'm4a' | 'mpeg' | 'mpga' | 'pcm' | 'webm'

export type AudioSource =
  | { bytes: Uint8Array; s3Location?: undefined }
  | { s3Location: S3Location; bytes?: undefined }

export interface AutoToolChoice {
}

export interface CacheDetail {
  ttl: CacheTTL
  inputTokens: number
}

export interface CachePointBlock {
  type: CachePointType
  ttl?: CacheTTL
}

export type CachePointType = 'default'

export type CacheTTL = '5m' | '1h'

export interface Citation {
  title?: string
  source?: string
  sourceContent?: CitationSourceContent[]
  location?: CitationLocation
}

export type CitationGeneratedContent =
  | { text: string }

export type CitationLocation =
  | { web: WebLocation; documentChar?: undefined; documentPage?: undefined; documentChunk?: undefined; searchResultLocation?: undefined }
  | { documentChar: DocumentCharLocation; web?: undefined; documentPage?: undefined; documentChunk?: undefined; searchResultLocation?: undefined }
  | { documentPage: DocumentPageLocation; web?: undefined; documentChar?: undefined; documentChunk?: undefined; searchResultLocation?: undefined }
  | { documentChunk: DocumentChunkLocation; web?: undefined; documentChar?: undefined; documentPage?: undefined; searchResultLocation?: undefined }
  | { searchResultLocation: SearchResultLocation; web?: undefined; documentChar?: undefined; documentPage?: undefined; documentChunk?: undefined }

export type CitationSourceContent =
  | { text: string }

export interface CitationSourceContentDelta {
  text?: string
}

export interface CitationsConfig {
  enabled: boolean
}

export interface CitationsContentBlock {
  content?: CitationGeneratedContent[]
  citations?: Citation[]
}

export interface CitationsDelta {
  title?: string
  source?: string
  sourceContent?: CitationSourceContentDelta[]
  location?: CitationLocation
}

export interface ConflictException {
  message?: string
}

export type ContentBlock =
  | { text: string; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { image: ImageBlock; text?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { document: DocumentBlock; text?: undefined; image?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { video: VideoBlock; text?: undefined; image?: undefined; document?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { audio: AudioBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { toolUse: ToolUseBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { toolResult: ToolResultBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { guardContent: GuardrailConverseContentBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { cachePoint: CachePointBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { reasoningContent: ReasoningContentBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { citationsContent: CitationsContentBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; searchResult?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { searchResult: SearchResultBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; toolAddition?: undefined; toolRemoval?: undefined }
  | { toolAddition: ToolAdditionBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolRemoval?: undefined }
  | { toolRemoval: ToolRemovalBlock; text?: undefined; image?: undefined; document?: undefined; video?: undefined; audio?: undefined; toolUse?: undefined; toolResult?: undefined; guardContent?: undefined; cachePoint?: undefined; reasoningContent?: undefined; citationsContent?: undefined; searchResult?: undefined; toolAddition?: undefined }

export type ContentBlockDelta =
  | { text: string; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined; citation?: undefined; image?: undefined }
  | { toolUse: ToolUseBlockDelta; text?: undefined; toolResult?: undefined; reasoningContent?: undefined; citation?: undefined; image?: undefined }
  | { toolResult: ToolResultBlockDelta[]; text?: undefined; toolUse?: undefined; reasoningContent?: undefined; citation?: undefined; image?: undefined }
  | { reasoningContent: ReasoningContentBlockDelta; text?: undefined; toolUse?: undefined; toolResult?: undefined; citation?: undefined; image?: undefined }
  | { citation: CitationsDelta; text?: undefined; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined; image?: undefined }
  | { image: ImageBlockDelta; text?: undefined; toolUse?: undefined; toolResult?: undefined; reasoningContent?: undefined; citation?: undefined }

export interface ContentBlockDeltaEvent {
  delta: ContentBlockDelta
  contentBlockIndex: number
}

export type ContentBlockStart =
  | { toolUse: ToolUseBlockStart; toolResult?: undefined; image?: undefined }
  | { toolResult: ToolResultBlockStart; toolUse?: undefined; image?: undefined }
  | { image: ImageBlockStart; toolUse?: undefined; toolResult?: undefined }

export interface ContentBlockStartEvent {
  start: ContentBlockStart
  contentBlockIndex: number
}

export interface ContentBlockStopEvent {
  contentBlockIndex: number
}

export type ConversationRole = 'user' | 'assistant' | 'system'

export interface ConverseMetrics {
  latencyMs: number
}

export type ConverseOutput =
  | { message: Message }

export interface ConverseRequest {
  modelId: string
  messages?: Message[]
  system?: SystemContentBlock[]
  inferenceConfig?: InferenceConfiguration
  toolConfig?: ToolConfiguration
  guardrailConfig?: GuardrailConfiguration
  additionalModelRequestFields?: unknown
  promptVariables?: Record<string, PromptVariableValues>
  additionalModelResponseFieldPaths?: string[]
  requestMetadata?: Record<string, string>
  performanceConfig?: PerformanceConfiguration
  serviceTier?: ServiceTier
  outputConfig?: OutputConfig
}

export interface ConverseResponse {
  output: ConverseOutput
  stopReason: StopReason
  usage: TokenUsage
  metrics: ConverseMetrics
  additionalModelResponseFields?: unknown
  trace?: ConverseTrace
  performanceConfig?: PerformanceConfiguration
  serviceTier?: ServiceTier
}

export interface ConverseStreamMetadataEvent {
  usage: TokenUsage
  metrics: ConverseStreamMetrics
  trace?: ConverseStreamTrace
  performanceConfig?: PerformanceConfiguration
  serviceTier?: ServiceTier
}

export interface ConverseStreamMetrics {
  latencyMs: number
}

export type ConverseStreamOutput =
  | { messageStart: MessageStartEvent; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { contentBlockStart: ContentBlockStartEvent; messageStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { contentBlockDelta: ContentBlockDeltaEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { contentBlockStop: ContentBlockStopEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { messageStop: MessageStopEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { metadata: ConverseStreamMetadataEvent; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { internalServerException: InternalServerException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { modelStreamErrorException: ModelStreamErrorException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { validationException: ValidationException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { throttlingException: ThrottlingException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; serviceUnavailableException?: undefined }
  | { serviceUnavailableException: ServiceUnavailableException; messageStart?: undefined; contentBlockStart?: undefined; contentBlockDelta?: undefined; contentBlockStop?: undefined; messageStop?: undefined; metadata?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined }

export interface ConverseStreamRequest {
  modelId: string
  messages?: Message[]
  system?: SystemContentBlock[]
  inferenceConfig?: InferenceConfiguration
  toolConfig?: ToolConfiguration
  guardrailConfig?: GuardrailStreamConfiguration
  additionalModelRequestFields?: unknown
  promptVariables?: Record<string, PromptVariableValues>
  additionalModelResponseFieldPaths?: string[]
  requestMetadata?: Record<string, string>
  performanceConfig?: PerformanceConfiguration
  serviceTier?: ServiceTier
  outputConfig?: OutputConfig
}

export interface ConverseStreamResponse {
  stream?: AsyncIterable<ConverseStreamOutput>
}

export interface ConverseStreamTrace {
  guardrail?: GuardrailTraceAssessment
  promptRouter?: PromptRouterTrace
}

export interface ConverseTokensRequest {
  messages?: Message[]
  system?: SystemContentBlock[]
  toolConfig?: ToolConfiguration
  additionalModelRequestFields?: unknown
}

export interface ConverseTrace {
  guardrail?: GuardrailTraceAssessment
  promptRouter?: PromptRouterTrace
}

export type CountTokensInput =
  | { invokeModel: InvokeModelTokensRequest; converse?: undefined }
  | { converse: ConverseTokensRequest; invokeModel?: undefined }

export interface CountTokensRequest {
  modelId: string
  input: CountTokensInput
}

export interface CountTokensResponse {
  inputTokens: number
}

export interface DocumentBlock {
  name: string
  source: DocumentSource
  format?: DocumentFormat
  context?: string
  citations?: CitationsConfig
}

export interface DocumentCharLocation {
  documentIndex?: number
  start?: number
  end?: number
}

export interface DocumentChunkLocation {
  documentIndex?: number
  start?: number
  end?: number
}

export type DocumentContentBlock =
  | { text: string }

export type DocumentFormat = 'pdf' | 'csv' | 'doc' | 'docx' | 'xls' | 'xlsx' | 'html' | 'txt' | 'md'

export interface DocumentPageLocation {
  documentIndex?: number
  start?: number
  end?: number
}

export type DocumentSource =
  | { bytes: Uint8Array; s3Location?: undefined; text?: undefined; content?: undefined }
  | { s3Location: S3Location; bytes?: undefined; text?: undefined; content?: undefined }
  | { text: string; bytes?: undefined; s3Location?: undefined; content?: undefined }
  | { content: DocumentContentBlock[]; bytes?: undefined; s3Location?: undefined; text?: undefined }

export interface ErrorBlock {
  message?: string
}

export interface GuardrailAssessment {
  topicPolicy?: GuardrailTopicPolicyAssessment
  contentPolicy?: GuardrailContentPolicyAssessment
  wordPolicy?: GuardrailWordPolicyAssessment
  sensitiveInformationPolicy?: GuardrailSensitiveInformationPolicyAssessment
  contextualGroundingPolicy?: GuardrailContextualGroundingPolicyAssessment
  automatedReasoningPolicy?: GuardrailAutomatedReasoningPolicyAssessment
  invocationMetrics?: GuardrailInvocationMetrics
  appliedGuardrailDetails?: AppliedGuardrailDetails
}

export type GuardrailAutomatedReasoningFinding =
  | { valid: GuardrailAutomatedReasoningValidFinding; invalid?: undefined; satisfiable?: undefined; impossible?: undefined; translationAmbiguous?: undefined; tooComplex?: undefined; noTranslations?: undefined }
  | { invalid: GuardrailAutomatedReasoningInvalidFinding; valid?: undefined; satisfiable?: undefined; impossible?: undefined; translationAmbiguous?: undefined; tooComplex?: undefined; noTranslations?: undefined }
  | { satisfiable: GuardrailAutomatedReasoningSatisfiableFinding; valid?: undefined; invalid?: undefined; impossible?: undefined; translationAmbiguous?: undefined; tooComplex?: undefined; noTranslations?: undefined }
  | { impossible: GuardrailAutomatedReasoningImpossibleFinding; valid?: undefined; invalid?: undefined; satisfiable?: undefined; translationAmbiguous?: undefined; tooComplex?: undefined; noTranslations?: undefined }
  | { translationAmbiguous: GuardrailAutomatedReasoningTranslationAmbiguousFinding; valid?: undefined; invalid?: undefined; satisfiable?: undefined; impossible?: undefined; tooComplex?: undefined; noTranslations?: undefined }
  | { tooComplex: GuardrailAutomatedReasoningTooComplexFinding; valid?: undefined; invalid?: undefined; satisfiable?: undefined; impossible?: undefined; translationAmbiguous?: undefined; noTranslations?: undefined }
  | { noTranslations: GuardrailAutomatedReasoningNoTranslationsFinding; valid?: undefined; invalid?: undefined; satisfiable?: undefined; impossible?: undefined; translationAmbiguous?: undefined; tooComplex?: undefined }

export interface GuardrailAutomatedReasoningImpossibleFinding {
  translation?: GuardrailAutomatedReasoningTranslation
  contradictingRules?: GuardrailAutomatedReasoningRule[]
  logicWarning?: GuardrailAutomatedReasoningLogicWarning
}

export interface GuardrailAutomatedReasoningInputTextReference {
  text?: string
}

export interface GuardrailAutomatedReasoningInvalidFinding {
  translation?: GuardrailAutomatedReasoningTranslation
  contradictingRules?: GuardrailAutomatedReasoningRule[]
  logicWarning?: GuardrailAutomatedReasoningLogicWarning
}

export interface GuardrailAutomatedReasoningLogicWarning {
  type?: GuardrailAutomatedReasoningLogicWarningType
  premises?: GuardrailAutomatedReasoningStatement[]
  claims?: GuardrailAutomatedReasoningStatement[]
}

export type GuardrailAutomatedReasoningLogicWarningType = 'ALWAYS_FALSE' | 'ALWAYS_TRUE'

export interface GuardrailAutomatedReasoningNoTranslationsFinding {
}

export interface GuardrailAutomatedReasoningPolicyAssessment {
  findings?: GuardrailAutomatedReasoningFinding[]
}

export interface GuardrailAutomatedReasoningRule {
  identifier?: string
  policyVersionArn?: string
}

export interface GuardrailAutomatedReasoningSatisfiableFinding {
  translation?: GuardrailAutomatedReasoningTranslation
  claimsTrueScenario?: GuardrailAutomatedReasoningScenario
  claimsFalseScenario?: GuardrailAutomatedReasoningScenario
  logicWarning?: GuardrailAutomatedReasoningLogicWarning
}

export interface GuardrailAutomatedReasoningScenario {
  statements?: GuardrailAutomatedReasoningStatement[]
}

export interface GuardrailAutomatedReasoningStatement {
  logic?: string
  naturalLanguage?: string
}

export interface GuardrailAutomatedReasoningTooComplexFinding {
}

export interface GuardrailAutomatedReasoningTranslation {
  premises?: GuardrailAutomatedReasoningStatement[]
  claims?: GuardrailAutomatedReasoningStatement[]
  untranslatedPremises?: GuardrailAutomatedReasoningInputTextReference[]
  untranslatedClaims?: GuardrailAutomatedReasoningInputTextReference[]
  confidence?: number
}

export interface GuardrailAutomatedReasoningTranslationAmbiguousFinding {
  options?: GuardrailAutomatedReasoningTranslationOption[]
  differenceScenarios?: GuardrailAutomatedReasoningScenario[]
}

export interface GuardrailAutomatedReasoningTranslationOption {
  translations?: GuardrailAutomatedReasoningTranslation[]
}

export interface GuardrailAutomatedReasoningValidFinding {
  translation?: GuardrailAutomatedReasoningTranslation
  claimsTrueScenario?: GuardrailAutomatedReasoningScenario
  supportingRules?: GuardrailAutomatedReasoningRule[]
  logicWarning?: GuardrailAutomatedReasoningLogicWarning
}

export interface GuardrailConfiguration {
  guardrailIdentifier?: string
  guardrailVersion?: string
  trace?: GuardrailTrace
}

export interface GuardrailContentFilter {
  type: GuardrailContentFilterType
  confidence: GuardrailContentFilterConfidence
  action: GuardrailContentPolicyAction
  filterStrength?: GuardrailContentFilterStrength
  detected?: boolean
}

export type GuardrailContentFilterConfidence = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH'

export type GuardrailContentFilterStrength = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH'

export type GuardrailContentFilterType = 'INSULTS' | 'HATE' | 'SEXUAL' | 'VIOLENCE' | 'MISCONDUCT' | 'PROMPT_ATTACK'

export type GuardrailContentPolicyAction = 'BLOCKED' | 'NONE'

export interface GuardrailContentPolicyAssessment {
  filters: GuardrailContentFilter[]
}

export interface GuardrailContextualGroundingFilter {
  type: GuardrailContextualGroundingFilterType
  threshold: number
  score: number
  action: GuardrailContextualGroundingPolicyAction
  detected?: boolean
}

export type GuardrailContextualGroundingFilterType = 'GROUNDING' | 'RELEVANCE'

export type GuardrailContextualGroundingPolicyAction = 'BLOCKED' | 'NONE'

export interface GuardrailContextualGroundingPolicyAssessment {
  filters?: GuardrailContextualGroundingFilter[]
}

export type GuardrailConverseContentBlock =
  | { text: GuardrailConverseTextBlock; image?: undefined }
  | { image: GuardrailConverseImageBlock; text?: undefined }

export type GuardrailConverseContentQualifier = 'grounding_source' | 'query' | 'guard_content'

export interface GuardrailConverseImageBlock {
  format: GuardrailConverseImageFormat
  source: GuardrailConverseImageSource
}

export type GuardrailConverseImageFormat = 'png' | 'jpeg'

export type GuardrailConverseImageSource =
  | { bytes: Uint8Array }

export interface GuardrailConverseTextBlock {
  text: string
  qualifiers?: GuardrailConverseContentQualifier[]
}

export interface GuardrailCoverage {
  textCharacters?: GuardrailTextCharactersCoverage
  images?: GuardrailImageCoverage
}

export interface GuardrailCustomWord {
  match: string
  action: GuardrailWordPolicyAction
  detected?: boolean
}

export interface GuardrailImageCoverage {
  guarded?: number
  total?: number
}

export interface GuardrailInvocationMetrics {
  guardrailProcessingLatency?: number
  usage?: GuardrailUsage
  guardrailCoverage?: GuardrailCoverage
}

export interface GuardrailManagedWord {
  match: string
  type: GuardrailManagedWordType
  action: GuardrailWordPolicyAction
  detected?: boolean
}

export type GuardrailManagedWordType = 'PROFANITY'

export type GuardrailOrigin = 'REQUEST' | 'ACCOUNT_ENFORCED' | 'ORGANIZATION_ENFORCED'

export type GuardrailOwnership = 'SELF' | 'CROSS_ACCOUNT'

export interface GuardrailPiiEntityFilter {
  match: string
  type: GuardrailPiiEntityType
  action: GuardrailSensitiveInformationPolicyAction
  detected?: boolean
}

export type GuardrailPiiEntityType = 'ADDRESS' | 'AGE' | 'AWS_ACCESS_KEY' | 'AWS_SECRET_KEY' | 'CA_HEALTH_NUMBER' | 'CA_SOCIAL_INSURANCE_NUMBER' | 'CREDIT_DEBIT_CARD_CVV' | 'CREDIT_DEBIT_CARD_EXPIRY' | 'CREDIT_DEBIT_CARD_NUMBER' | 'DRIVER_ID' | 'EMAIL' | 'INTERNATIONAL_BANK_ACCOUNT_NUMBER' | 'IP_ADDRESS' | 'LICENSE_PLATE' | 'MAC_ADDRESS' | 'NAME' | 'PASSWORD' | 'PHONE' | 'PIN' | 'SWIFT_CODE' | 'UK_NATIONAL_HEALTH_SERVICE_NUMBER' | 'UK_NATIONAL_INSURANCE_NUMBER' | 'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER' | 'URL' | 'USERNAME' | 'US_BANK_ACCOUNT_NUMBER' | 'US_BANK_ROUTING_NUMBER' | 'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER' | 'US_PASSPORT_NUMBER' | 'US_SOCIAL_SECURITY_NUMBER' | 'VEHICLE_IDENTIFICATION_NUMBER'

export interface GuardrailRegexFilter {
  action: GuardrailSensitiveInformationPolicyAction
  name?: string
  match?: string
  regex?: string
  detected?: boolean
}

export type GuardrailSensitiveInformationPolicyAction = 'ANONYMIZED' | 'BLOCKED' | 'NONE'

export interface GuardrailSensitiveInformationPolicyAssessment {
  piiEntities: GuardrailPiiEntityFilter[]
  regexes: GuardrailRegexFilter[]
}

export interface GuardrailStreamConfiguration {
  guardrailIdentifier?: string
  guardrailVersion?: string
  trace?: GuardrailTrace
  streamProcessingMode?: GuardrailStreamProcessingMode
}

export type GuardrailStreamProcessingMode = 'sync' | 'async'

export interface GuardrailTextCharactersCoverage {
  guarded?: number
  total?: number
}

export interface GuardrailTopic {
  name: string
  type: GuardrailTopicType
  action: GuardrailTopicPolicyAction
  detected?: boolean
}

export type GuardrailTopicPolicyAction = 'BLOCKED' | 'NONE'

export interface GuardrailTopicPolicyAssessment {
  topics: GuardrailTopic[]
}

export type GuardrailTopicType = 'DENY'

export type GuardrailTrace = 'enabled' | 'disabled' | 'enabled_full'

export interface GuardrailTraceAssessment {
  modelOutput?: string[]
  inputAssessment?: Record<string, GuardrailAssessment>
  outputAssessments?: Record<string, GuardrailAssessment[]>
  actionReason?: string
}

export interface GuardrailUsage {
  topicPolicyUnits: number
  contentPolicyUnits: number
  wordPolicyUnits: number
  sensitiveInformationPolicyUnits: number
  sensitiveInformationPolicyFreeUnits: number
  contextualGroundingPolicyUnits: number
  contentPolicyImageUnits?: number
  automatedReasoningPolicyUnits?: number
  automatedReasoningPolicies?: number
}

export type GuardrailWordPolicyAction = 'BLOCKED' | 'NONE'

export interface GuardrailWordPolicyAssessment {
  customWords: GuardrailCustomWord[]
  managedWordLists: GuardrailManagedWord[]
}

export interface ImageBlock {
  format: ImageFormat
  source: ImageSource
  error?: ErrorBlock
}

export interface ImageBlockDelta {
  source?: ImageSource
  error?: ErrorBlock
}

export interface ImageBlockStart {
  format: ImageFormat
}

export type ImageFormat = 'png' | 'jpeg' | 'gif' | 'webp'

export type ImageSource =
  | { bytes: Uint8Array; s3Location?: undefined }
  | { s3Location: S3Location; bytes?: undefined }

export interface InferenceConfiguration {
  maxTokens?: number
  temperature?: number
  topP?: number
  stopSequences?: string[]
}

export interface InternalServerException {
  message?: string
}

export interface InvokeModelRequest {
  modelId: string
  body?: Uint8Array
  contentType?: string
  accept?: string
  trace?: Trace
  guardrailIdentifier?: string
  guardrailVersion?: string
  performanceConfigLatency?: PerformanceConfigLatency
  serviceTier?: ServiceTierType
  requestMetadata?: string
}

export interface InvokeModelResponse {
  body: Uint8Array
  contentType: string
  performanceConfigLatency?: PerformanceConfigLatency
  serviceTier?: ServiceTierType
}

export interface InvokeModelTokensRequest {
  body: Uint8Array
}

export interface InvokeModelWithResponseStreamRequest {
  modelId: string
  body?: Uint8Array
  contentType?: string
  accept?: string
  trace?: Trace
  guardrailIdentifier?: string
  guardrailVersion?: string
  performanceConfigLatency?: PerformanceConfigLatency
  serviceTier?: ServiceTierType
  requestMetadata?: string
}

export interface InvokeModelWithResponseStreamResponse {
  body: AsyncIterable<ResponseStream>
  contentType: string
  performanceConfigLatency?: PerformanceConfigLatency
  serviceTier?: ServiceTierType
}

export interface JsonSchemaDefinition {
  schema: string
  name?: string
  description?: string
}

export interface Message {
  role: ConversationRole
  content: ContentBlock[]
}

export interface MessageStartEvent {
  role: ConversationRole
}

export interface MessageStopEvent {
  stopReason: StopReason
  additionalModelResponseFields?: unknown
}

export interface ModelErrorException {
  message?: string
  originalStatusCode?: number
  resourceName?: string
}

export interface ModelNotReadyException {
  message?: string
}

export interface ModelStreamErrorException {
  message?: string
  originalStatusCode?: number
  originalMessage?: string
}

export interface ModelTimeoutException {
  message?: string
}

export interface OutputConfig {
  textFormat?: OutputFormat
  effort?: string
}

export interface OutputFormat {
  type: OutputFormatType
  structure: OutputFormatStructure
}

export type OutputFormatStructure =
  | { jsonSchema: JsonSchemaDefinition }

export type OutputFormatType = 'json_schema'

export interface PayloadPart {
  bytes?: Uint8Array
}

export type PerformanceConfigLatency = 'standard' | 'optimized'

export interface PerformanceConfiguration {
  latency?: PerformanceConfigLatency
}

export interface PromptRouterTrace {
  invokedModelId?: string
}

export type PromptVariableValues =
  | { text: string }

export type ReasoningContentBlock =
  | { reasoningText: ReasoningTextBlock; redactedContent?: undefined }
  | { redactedContent: Uint8Array; reasoningText?: undefined }

export type ReasoningContentBlockDelta =
  | { text: string; redactedContent?: undefined; signature?: undefined }
  | { redactedContent: Uint8Array; text?: undefined; signature?: undefined }
  | { signature: string; text?: undefined; redactedContent?: undefined }

export interface ReasoningTextBlock {
  text: string
  signature?: string
}

export interface ResourceNotFoundException {
  message?: string
}

export type ResponseStream =
  | { chunk: PayloadPart; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; modelTimeoutException?: undefined; serviceUnavailableException?: undefined }
  | { internalServerException: InternalServerException; chunk?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; modelTimeoutException?: undefined; serviceUnavailableException?: undefined }
  | { modelStreamErrorException: ModelStreamErrorException; chunk?: undefined; internalServerException?: undefined; validationException?: undefined; throttlingException?: undefined; modelTimeoutException?: undefined; serviceUnavailableException?: undefined }
  | { validationException: ValidationException; chunk?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; throttlingException?: undefined; modelTimeoutException?: undefined; serviceUnavailableException?: undefined }
  | { throttlingException: ThrottlingException; chunk?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; modelTimeoutException?: undefined; serviceUnavailableException?: undefined }
  | { modelTimeoutException: ModelTimeoutException; chunk?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; serviceUnavailableException?: undefined }
  | { serviceUnavailableException: ServiceUnavailableException; chunk?: undefined; internalServerException?: undefined; modelStreamErrorException?: undefined; validationException?: undefined; throttlingException?: undefined; modelTimeoutException?: undefined }

export interface S3Location {
  uri: string
  bucketOwner?: string
}

export interface SearchResultBlock {
  source: string
  title: string
  content: SearchResultContentBlock[]
  citations?: CitationsConfig
}

export interface SearchResultContentBlock {
  text: string
}

export interface SearchResultLocation {
  searchResultIndex?: number
  start?: number
  end?: number
}

export interface ServiceQuotaExceededException {
  message?: string
}

export interface ServiceTier {
  type: ServiceTierType
}

export type ServiceTierType = 'priority' | 'default' | 'flex' | 'reserved'

export interface ServiceUnavailableException {
  message?: string
}

export interface SpecificToolChoice {
  name: string
}

export type StopReason = 'end_turn' | 'tool_use' | 'max_tokens' | 'stop_sequence' | 'guardrail_intervened' | 'content_filtered' | 'malformed_model_output' | 'malformed_tool_use' | 'model_context_window_exceeded'

export type SystemContentBlock =
  | { text: string; guardContent?: undefined; cachePoint?: undefined }
  | { guardContent: GuardrailConverseContentBlock; text?: undefined; cachePoint?: undefined }
  | { cachePoint: CachePointBlock; text?: undefined; guardContent?: undefined }

export interface SystemTool {
  name: string
}

export interface ThrottlingException {
  message?: string
}

export interface TokenUsage {
  inputTokens: number
  outputTokens: number
  totalTokens: number
  cacheReadInputTokens?: number
  cacheWriteInputTokens?: number
  cacheDetails?: CacheDetail[]
}

export type Tool =
  | { toolSpec: ToolSpecification; systemTool?: undefined; cachePoint?: undefined }
  | { systemTool: SystemTool; toolSpec?: undefined; cachePoint?: undefined }
  | { cachePoint: CachePointBlock; toolSpec?: undefined; systemTool?: undefined }

export interface ToolAdditionBlock {
  tool: ToolReference
}

export type ToolChoice =
  | { auto: AutoToolChoice; any?: undefined; tool?: undefined }
  | { any: AnyToolChoice; auto?: undefined; tool?: undefined }
  | { tool: SpecificToolChoice; auto?: undefined; any?: undefined }

export interface ToolConfiguration {
  tools: Tool[]
  toolChoice?: ToolChoice
}

export type ToolInputSchema =
  | { json: unknown }

export interface ToolReference {
  type?: string
  name?: string
  serverName?: string
}

export interface ToolRemovalBlock {
  tool: ToolReference
}

export interface ToolResultBlock {
  toolUseId: string
  content: ToolResultContentBlock[]
  status?: ToolResultStatus
  type?: string
}

export type ToolResultBlockDelta =
  | { text: string; json?: undefined }
  | { json: unknown; text?: undefined }

export interface ToolResultBlockStart {
  toolUseId: string
  type?: string
  status?: ToolResultStatus
}

export type ToolResultContentBlock =
  | { json: unknown; text?: undefined; image?: undefined; document?: undefined; video?: undefined; searchResult?: undefined }
  | { text: string; json?: undefined; image?: undefined; document?: undefined; video?: undefined; searchResult?: undefined }
  | { image: ImageBlock; json?: undefined; text?: undefined; document?: undefined; video?: undefined; searchResult?: undefined }
  | { document: DocumentBlock; json?: undefined; text?: undefined; image?: undefined; video?: undefined; searchResult?: undefined }
  | { video: VideoBlock; json?: undefined; text?: undefined; image?: undefined; document?: undefined; searchResult?: undefined }
  | { searchResult: SearchResultBlock; json?: undefined; text?: undefined; image?: undefined; document?: undefined; video?: undefined }

export type ToolResultStatus = 'success' | 'error'

export interface ToolSpecification {
  name: string
  inputSchema: ToolInputSchema
  description?: string
  strict?: boolean
}

export interface ToolUseBlock {
  toolUseId: string
  name: string
  input: unknown
  type?: ToolUseType
}

export interface ToolUseBlockDelta {
  input: string
}

export interface ToolUseBlockStart {
  toolUseId: string
  name: string
  type?: ToolUseType
}

export type ToolUseType = 'server_tool_use'

export type Trace = 'ENABLED' | 'DISABLED' | 'ENABLED_FULL'

export interface ValidationException {
  message?: string
}

export interface VideoBlock {
  format: VideoFormat
  source: VideoSource
}

export type VideoFormat = 'mkv' | 'mov' | 'mp4' | 'webm' | 'flv' | 'mpeg' | 'mpg' | 'wmv' | 'three_gp'

export type VideoSource =
  | { bytes: Uint8Array; s3Location?: undefined }
  | { s3Location: S3Location; bytes?: undefined }

export interface WebLocation {
  url?: string
  domain?: string
}
