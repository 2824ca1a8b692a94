import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventCase } from './event-cases.ts';
import { eventCases } from './event-cases.ts';
import { logTail, sessionFixture, sessionTags, traceTail } from './session-fixture.ts';

/** Method → `event.name`. */
const eventNames: Readonly<Record<string, string>> = {
  conversationStarts: 'codex.conversation_starts',
  userPrompt: 'codex.user_prompt',
  recordApiRequest: 'codex.api_request',
  recordWebsocketConnect: 'codex.websocket_connect',
  recordWebsocketRequest: 'codex.websocket_request',
  recordAuthRecovery: 'codex.auth_recovery',
  logSseEvent: 'codex.sse_event',
  sseEventFailed: 'codex.sse_event',
  sseEventCompletedFailed: 'codex.sse_event',
  sseEventCompleted: 'codex.sse_event',
  toolDecision: 'codex.tool_decision',
  toolResult: 'codex.tool_result',
  logToolFailed: 'codex.tool_result',
  sandboxOutcome: 'codex.sandbox_outcome',
  recordStartupPhase: 'codex.startup_phase',
  recordTurnTtft: 'codex.turn_ttft',
  recordPluginInstallElicitationSent: 'codex.plugin_install_elicitation_sent',
  recordPluginInstallSuggestion: 'codex.plugin_install_suggestion',
  skillInvocation: 'codex.skill_invocation',
  agentResponse: 'codex.agent_response',
  guardianAssessment: 'codex.guardian_assessment',
  recordTurnCost: 'codex.turn_cost',
  agentCommunication: 'codex.agent_communication',
  recordGuardianReview: '',
};

describe('session events', () => {
  beforeEach(
    () => void Reflect.deleteProperty(globalThis, Symbol.for('codex-otel.session-telemetry.tool-result-seq.v1')),
  );

  it.each(eventCases.map((entry): [string, EventCase] => [entry.title, entry]))('%s', async (_title, entry) => {
    const fixture = sessionFixture(entry.metadata);
    await entry.record(fixture.session, fixture.context);

    const [log, ...more] = fixture.logs();
    expect(more).toEqual([]);
    const tail = entry.logTail ?? { ...logTail, ...changedIdentity(entry) };
    expect(entriesWithoutName(log)).toEqual(entry.log && Object.entries({ ...entry.log, ...tail }));

    const [event, ...moreEvents] = fixture.events();
    expect(moreEvents).toEqual([]);
    expect(entriesWithoutName(event)).toEqual(
      entry.trace && Object.entries({ level: 'INFO', target: 'codex_otel.trace_safe', ...entry.trace, ...traceTail }),
    );
    const name = eventNames[/^\w+/.exec(entry.title)?.[0] ?? ''];
    if (log !== undefined) expect(Object.entries(log)[0]).toEqual(['event.name', name]);
    if (event !== undefined) expect(Object.entries(event)[2]).toEqual(['event.name', name]);

    expect(fixture.metrics.calls).toEqual(
      (entry.metrics ?? []).map(([name, value, tags]) => ({ name, value, tags: { ...sessionTags, ...tags } })),
    );
    expect(fixture.session.unusableValues).toBe(0);
  });
});

/** Attributes in their order, which readers see, without the name. */
function entriesWithoutName(attributes: object | undefined): unknown {
  return attributes && Object.entries(attributes).filter(([key]) => key !== 'event.name');
}

function changedIdentity({ metadata }: EventCase): object {
  return metadata?.authMode === undefined ? {} : { auth_mode: metadata.authMode };
}
