import { expect, it } from '@jest/globals';
import * as api from '../src/index.ts';

it('exports these values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'NO_TOKEN_USAGE',
    'addTokenUsage',
    'checkedTokenUsage',
    'compactTask',
    'errorType',
    'isReported',
    'nonCachedInputTokens',
    'recordResponseTokenUsage',
    'recordTurnTokenUsage',
    'regularTask',
    'reviewTask',
    'startTurn',
    'subtractTokenUsage',
    'tokenCostMicroUsd',
    'tokenUsageFromAiSdk',
    'tokenUsageFromAnthropicMessage',
    'tokenUsageFromChatCompletion',
    'tokenUsageFromOpenAiAgents',
    'tokenUsageFromResponse',
    'tracedReasoningEffort',
    'undoTask',
    'userShellTask',
  ]);
});
