import { expect, it } from '@jest/globals';
import type {
  GuardianAssessmentOptions,
  NetworkPolicyDecisionOptions,
  SessionMetadata,
  SkillInvocationOptions,
  ToolDecisionOptions,
  UserInput,
} from '../src/index.ts';

// Compiled by `typecheck`: each line below must not compile without its comment.

const decision = { toolName: 't', callId: 'c' } as const;
export const decisions: readonly ToolDecisionOptions[] = [
  { ...decision, decision: 'approved', source: 'Config' },
  // @ts-expect-error a decision of a former version
  { ...decision, decision: 'approvedforsession' },
  // @ts-expect-error sources are written with a capital
  { ...decision, decision: 'approved', source: 'user' },
];

export const sources: readonly SessionMetadata['sessionSource'][] = [
  'cli',
  'my-own',
  { kind: 'custom', name: 'my-own' },
  { kind: 'subagent', agent: 'thread-spawn', parentConversationId: 'p' },
  // @ts-expect-error who spawned it must be said
  { kind: 'subagent', agent: 'thread-spawn' },
  // @ts-expect-error no such sub-agent
  { kind: 'subagent', agent: 'reviewer' },
];

export const inputs: readonly UserInput[] = [
  { type: 'text', text: 'a' },
  { type: 'image' },
  // @ts-expect-error a text has text
  { type: 'text' },
  // @ts-expect-error no such input
  { type: 'audio' },
];

export const skill: SkillInvocationOptions = {
  turnId: 't',
  skillName: 's',
  // @ts-expect-error explicit or implicit
  skillInvocationType: 'automatic',
};

export const review: GuardianAssessmentOptions = {
  reviewId: 'r',
  turnId: 't',
  // @ts-expect-error no such status
  status: 'done',
  startedAtMillis: 1,
};

export const policy: Pick<NetworkPolicyDecisionOptions, 'networkPolicySource'> = {
  // @ts-expect-error no such source
  networkPolicySource: 'user',
};

it('is checked by the compiler', () => {
  expect(decisions).toHaveLength(3);
});
