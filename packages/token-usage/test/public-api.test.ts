import { expect, it } from '@jest/globals';
import * as api from '../src/index.ts';

it('exports these values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'NO_TOKEN_USAGE',
    'addTokenUsage',
    'checkedTokenUsage',
    'compactTask',
    'errorType',
    'failureAttributes',
    'nonCachedInputTokens',
    'recordResponseTokenUsage',
    'recordTurnTokenUsage',
    'recordingTurnTokenUsage',
    'regularTask',
    'reportedTokens',
    'responseUsageAttributes',
    'reviewTask',
    'spanAttributes',
    'startTurn',
    'subtractTokenUsage',
    'tokenCostMicroUsd',
    'tokenUsageFromAiSdk',
    'tokenUsageFromAnthropicMessage',
    'tokenUsageFromChatCompletion',
    'tokenUsageFromOpenAiAgents',
    'tokenUsageFromResponse',
    'tracedReasoningEffort',
    'turnSpan',
    'undoTask',
    'userShellTask',
  ]);
});
