import { describe, expect, it } from '@jest/globals';
import { tracedReasoningEffort } from '../src/reasoning-effort.ts';

describe('tracedReasoningEffort', () => {
  it.each([
    ['the explicit effort', { effort: 'high', modelDefault: 'low' }, 'high'],
    ["else the model's own", { modelDefault: 'low' }, 'low'],
    ['else default', {}, 'default'],
    ['default for a model without summaries', { effort: 'high', supportsReasoningSummaries: false }, 'default'],
    ['default for an empty effort', { effort: '' }, 'default'],
  ])('is %s', (_rule, choice, effort) => expect(tracedReasoningEffort(choice)).toBe(effort));
});
