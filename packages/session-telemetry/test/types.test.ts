import { expect, it } from '@jest/globals';
import type { EventOptions } from '../src/event-definition.ts';
import { defineEvent } from '../src/event-definition.ts';
import type { EventRecorder } from '../src/event-recorder.ts';
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
  // @ts-expect-error the parent thread is required
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

// A definition and its event must agree: each line below must not compile without its comment.

const attributes = {
  toModel: { name: 'to_model' },
  attempt: { name: 'attempt', type: 'int', on: 'both', absent: 'unknown' },
  agentName: { name: 'agent_name', source: 'session' },
  tokens: { name: 'tokens', type: 'int', source: 'computed' },
} as const;
type Options = EventOptions<typeof attributes>;
const event = defineEvent('codex.test', { about: '', on: 'log', attributes });

export const given: readonly Options[] = [
  { toModel: 'm', attempt: 1 },
  { toModel: 'm' },
  // @ts-expect-error a misspelt option
  { toModell: 'm' },
  // @ts-expect-error an option that no attribute has
  { toModel: 'm', fromModel: 'n' },
  // @ts-expect-error a wrong type
  { toModel: 'm', attempt: '1' },
  // @ts-expect-error an option that is always there
  { attempt: 1 },
  // @ts-expect-error the session's own
  { toModel: 'm', agentName: 'a' },
];

export function record(recorder: EventRecorder, options: Options): void {
  recorder.emit(event, options, { tokens: 1 }, undefined);
  // @ts-expect-error an attribute that nobody sets
  recorder.emit(event, options, {}, undefined);
  // @ts-expect-error a value for an attribute that was not declared
  recorder.emit(event, options, { tokens: 1, words: 1 }, undefined);
  // @ts-expect-error a computed value of a wrong type
  recorder.emit(event, options, { tokens: 'one' }, undefined);
  // @ts-expect-error options that lack what the attributes read
  recorder.emit(event, {}, { tokens: 1 }, undefined);
}

const log = { about: '', on: 'log' } as const;
export const definitions: () => readonly unknown[] = () => [
  // @ts-expect-error a value that the session does not have
  defineEvent('x', { ...log, attributes: { shoe: { name: 'shoe', source: 'session' } } }),
  // @ts-expect-error no such signal
  defineEvent('x', { ...log, attributes: { shoe: { name: 'shoe', on: 'metric' } } }),
  // @ts-expect-error no such type
  defineEvent('x', { ...log, attributes: { shoe: { name: 'shoe', type: 'leather' } } }),
  // @ts-expect-error content that does not say where it may go
  defineEvent('x', { ...log, attributes: { shoe: { name: 'shoe', content: 'output' } } }),
  // @ts-expect-error no such group
  defineEvent('x', { ...log, attributes: { shoe: { group: 'shoes' } } }),
  // @ts-expect-error an event that does not say where it goes
  defineEvent('x', { about: '', attributes: { shoe: { name: 'shoe' } } }),
];

it('is checked by the compiler', () => {
  expect(decisions).toHaveLength(3);
});
