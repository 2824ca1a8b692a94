export { errorType } from './error-type.ts';
export type { ReasoningEffortChoice } from './reasoning-effort.ts';
export { tracedReasoningEffort } from './reasoning-effort.ts';
export {
  tokenUsageFromAiSdk,
  tokenUsageFromAnthropicMessage,
  tokenUsageFromChatCompletion,
  tokenUsageFromOpenAiAgents,
  tokenUsageFromResponse,
} from './reported-usage.ts';
export type { SessionTask, TaskKind } from './session-task.ts';
export {
  compactTask,
  recordingTurnTokenUsage,
  regularTask,
  reviewTask,
  undoTask,
  userShellTask,
} from './session-task.ts';
export type { SpanAttribute, SpanAttributeTable, SpanAttributeValues, SpanDefinition } from './span-definition.ts';
export { failureAttributes, spanAttributes } from './span-definition.ts';
export type { TokenPrice } from './token-price.ts';
export { tokenCostMicroUsd } from './token-price.ts';
export type { TokenUsage, TokenUsagePart } from './token-usage.ts';
export {
  addTokenUsage,
  checkedTokenUsage,
  NO_TOKEN_USAGE,
  nonCachedInputTokens,
  reportedTokens,
  subtractTokenUsage,
} from './token-usage.ts';
export type { DisposableTurn, StartTurnOptions, Turn, TurnOutcome, TurnStatus } from './turn.ts';
export { startTurn } from './turn.ts';
export { turnSpan } from './turn-span.ts';
export type { ResponseIds } from './usage-attributes.ts';
export { recordResponseTokenUsage, recordTurnTokenUsage, responseUsageAttributes } from './usage-attributes.ts';
