import { deriveParts, measuredProfile } from './profile.ts';
import type { SpanIndex } from './span-index.ts';
import { isRequest, taskOf } from './span-roles.ts';
import type { LogRecord, Span } from './telemetry.ts';
import { numberAttribute, textAttribute } from './telemetry.ts';
import { sessionOf } from './telemetry-store.ts';
import type { TurnSpans } from './trace-turns.ts';
import type { ModelResponse, ToolCall, Turn, TurnProfile, TurnProgress, TurnState, Wait } from './turn.ts';
import { findResponses } from './turn-responses.ts';
import { findTools, findWaits } from './turn-tools.ts';
import { sumUsage, turnSpanUsage } from './usage.ts';

const TURN_STATES: readonly unknown[] = ['completed', 'aborted', 'failed'] satisfies TurnState[];
const HIDDEN = '[REDACTED]';

/** Reads a turn from its spans and its log records. */
export function buildTurn(spans: TurnSpans, index: SpanIndex, logs: readonly LogRecord[]): Turn {
  const { key, traceId, turnId, root, own } = spans;
  const progress = lastProgress(logs, root);
  const { startMillis, endMillis } = root ?? heardOf(own, logs);
  const responses = findResponses(own, index);
  const tools = findTools(own, logs);
  const waits = findWaits(own, logs, responses, tools, startMillis);
  const responsesUsage = sumUsage(responses.map(({ usage }) => usage));
  const rootUsage = root && turnSpanUsage(root.attributes);
  const facts = [root, ...own].flatMap((span) => (span === undefined ? [] : [span.attributes]));
  const first = (key: string) => facts.map((attributes) => textAttribute(attributes, key)).find(isText);
  return {
    key,
    traceId,
    turnId,
    sessionId:
      (root && (textAttribute(root.attributes, 'thread.id') ?? sessionOf(root))) ??
      first('conversation.id') ??
      first('gen_ai.conversation.id') ??
      logs.map(sessionOf).find(isText) ??
      '',
    root,
    spans: own,
    orphans: spans.orphans,
    parentKey: spans.parentKey,
    state: stateOf(root, logs),
    task: root === undefined ? 'turn' : taskOf(root),
    model: first('model') ?? first('gen_ai.response.model') ?? first('gen_ai.request.model') ?? logModel(logs),
    effort: first('codex.turn.reasoning_effort') ?? first('codex.request.reasoning_effort') ?? '',
    startMillis,
    endMillis,
    usage: rootUsage ?? responsesUsage,
    responsesUsage,
    ttftMillis: ttftOf(logs, responses, startMillis),
    responses,
    tools,
    waits,
    profile: measuredProfile(root) ?? derivedProfile(own, startMillis, endMillis, responses, tools, waits, logs),
    progress,
    logs,
    prompt: promptOf(logs),
  };
}

/** The first and last time that something came from an open turn. */
function heardOf(spans: readonly Span[], logs: readonly LogRecord[]): Pick<Turn, 'startMillis' | 'endMillis'> {
  let startMillis = Number.POSITIVE_INFINITY;
  let endMillis = 0;
  for (const span of spans) {
    startMillis = Math.min(startMillis, span.startMillis);
    endMillis = Math.max(endMillis, span.endMillis);
  }
  for (const { timeMillis } of logs) {
    startMillis = Math.min(startMillis, timeMillis);
    endMillis = Math.max(endMillis, timeMillis);
  }
  return { startMillis: Math.min(startMillis, endMillis), endMillis };
}

function derivedProfile(
  own: readonly Span[],
  startMillis: number,
  endMillis: number,
  responses: readonly ModelResponse[],
  tools: readonly ToolCall[],
  waits: readonly Wait[],
  logs: readonly LogRecord[],
): TurnProfile {
  const requests = own.filter(isRequest);
  // Codex retries within one span, so only its log records show retries.
  const refused = logs.filter(({ name, attributes }) => name === 'codex.api_request' && 'error.message' in attributes);
  const claims = [
    ...waits.map((wait) => ({ ...wait, part: wait.kind === 'user' ? ('userWait' as const) : ('autoReview' as const) })),
    ...tools.map((tool) => ({ ...tool, part: 'tools' as const })),
    ...[...responses, ...requests].map((claim) => ({
      startMillis: claim.startMillis,
      endMillis: claim.endMillis,
      part: 'inference' as const,
    })),
  ];
  const answered = responses.filter(({ requestSpanId }) => requestSpanId !== undefined).length;
  return {
    ...deriveParts(startMillis, endMillis, claims),
    source: 'derived',
    durationMillis: endMillis - startMillis,
    requests: Math.max(requests.length, responses.length),
    retries: Math.max(requests.length - answered, refused.length, 0),
  };
}

function stateOf(root: Span | undefined, logs: readonly LogRecord[]): TurnState {
  if (root === undefined) return 'open';
  const outcome = root.attributes['codex.turn.outcome'];
  if (isTurnState(outcome)) return outcome;
  if (root.failed) return 'failed';
  // Codex leaves the status of a turn unset. An aborted turn has no usage; a turn whose last answer was an error failed.
  if (taskOf(root) === 'turn' && turnSpanUsage(root.attributes) === undefined) return 'aborted';
  const last = logs.findLast(isAnswer);
  return last?.attributes['error.message'] === undefined ? 'completed' : 'failed';
}

/** Whether a record is about the end of a request to the model. */
function isAnswer({ name, attributes }: LogRecord): boolean {
  if (name === 'codex.api_request') return 'error.message' in attributes;
  return (
    name === 'codex.sse_event' && attributes['event.kind'] === 'response.completed' && !('duration_ms' in attributes)
  );
}

function isTurnState(value: unknown): value is TurnState {
  return TURN_STATES.includes(value);
}

function ttftOf(
  logs: readonly LogRecord[],
  responses: readonly ModelResponse[],
  startMillis: number,
): number | undefined {
  const record = logs.find(({ name }) => name === 'codex.turn_ttft');
  const told = record && numberAttribute(record.attributes, 'duration_ms');
  if (told !== undefined) return told;
  const first = responses.map(({ firstTokenMillis }) => firstTokenMillis).find((time) => time !== undefined);
  return first === undefined ? undefined : first - startMillis;
}

function promptOf(logs: readonly LogRecord[]): string | undefined {
  const prompt = logs.map(
    (record) => record.name === 'codex.user_prompt' && textAttribute(record.attributes, 'prompt'),
  );
  return prompt.find((text): text is string => typeof text === 'string' && text !== HIDDEN);
}

function logModel(logs: readonly LogRecord[]): string {
  return logs.map(({ attributes }) => textAttribute(attributes, 'model')).find(isText) ?? '';
}

function lastProgress(logs: readonly LogRecord[], root: Span | undefined): TurnProgress | undefined {
  if (root !== undefined) return undefined;
  const record = logs.findLast(({ name }) => name === 'codex.turn_progress');
  if (record === undefined) return undefined;
  const { attributes, timeMillis } = record;
  return {
    phase: textAttribute(attributes, 'phase') ?? '',
    toolsOpen: textAttribute(attributes, 'open_tools') ?? '',
    totalTokens: numberAttribute(attributes, 'total_tokens_so_far'),
    timeMillis,
  };
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}
