import { microUsdFromDecimal, sanitizeMetricTagValue, TURN_COST_MICROUSD_METRIC } from '@codex-otel/metrics';
import type { Context } from '@opentelemetry/api';
import { property } from '../error-description.ts';
import type { EventDefinition } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';

/** Options of `recordTurnCost`: the back end's estimate of what a turn cost. */
export interface TurnCostOptions {
  readonly turnId: string;
  /** Dollars as decimal text, as received, e.g. `0.0123`. */
  readonly usageEstimatedUsd: string;
  readonly turnInterrupted: boolean;
  /** Absent when unknown. */
  readonly speed?: string | undefined;
  /** Absent when unknown. */
  readonly reasoningEffort?: string | undefined;
}

/** Characters of an amount that is worth reading; to read a text of digits takes more than linear time. */
const longestAmount = 64;

export const turnCostEvent: EventDefinition = {
  name: 'codex.turn_cost',
  method: 'recordTurnCost',
  about: 'The back end estimated what a turn cost; may come minutes after it, or never.',
  signals: 'log',
  attributes: [
    { name: 'turn.id', type: 'string', on: 'log' },
    { name: 'usage.estimated_usd', type: 'string(d)', on: 'log', about: 'dollars, decimal text as received' },
    { name: 'turn.interrupted', type: 'bool', on: 'log' },
    { name: 'speed', type: 'string', on: 'log', absent: 'unknown' },
    { name: 'reasoning_effort', type: 'string', on: 'log', absent: 'unknown' },
  ],
};

export function recordTurnCost(recorder: EventRecorder, options: TurnCostOptions, context: Context | undefined): void {
  const amount = property(options, 'usageEstimatedUsd');
  const readable = typeof amount === 'string' && amount.length <= longestAmount;
  const microUsd = readable ? microUsdFromDecimal(amount) : undefined;
  if (microUsd !== undefined) recorder.count(TURN_COST_MICROUSD_METRIC, microUsd, costTags(recorder, options));
  recorder.emit(turnCostEvent, options, {}, context);
}

function costTags(recorder: EventRecorder, options: TurnCostOptions): Readonly<Record<string, string>> {
  const given: readonly (readonly [tag: string, value: unknown])[] = [
    ['turn.id', property(options, 'turnId')],
    ['conversation.id', recorder.identity.metadata.conversationId],
    ['turn.interrupted', String(property(options, 'turnInterrupted') === true)],
    ['speed', property(options, 'speed')],
    ['reasoning_effort', property(options, 'reasoningEffort')],
  ];
  const tags = given.flatMap(([tag, value]) =>
    typeof value === 'string' ? [[tag, sanitizeMetricTagValue(value)] as const] : [],
  );
  return recorder.tags.with(Object.fromEntries(tags));
}
