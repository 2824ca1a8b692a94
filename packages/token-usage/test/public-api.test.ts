import { expect, it } from '@jest/globals';
import * as api from '../src/index.ts';

it('exports these values', () => {
  expect(Object.keys(api).sort()).toEqual([
    'NO_TOKEN_USAGE',
    'addTokenUsage',
    'checkedTokenUsage',
    'compactTask',
    'errorType',
    'nonCachedInputTokens',
    'recordResponseTokenUsage',
    'recordTurnTokenUsage',
    'regularTask',
    'reviewTask',
    'startTurn',
    'subtractTokenUsage',
    'tokenCostMicroUsd',
    'tokenUsageFromAnthropicMessage',
    'tokenUsageFromChatCompletion',
    'tokenUsageFromResponse',
    'tracedReasoningEffort',
    'undoTask',
    'userShellTask',
  ]);
});
