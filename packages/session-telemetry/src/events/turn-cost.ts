import { codexMetricNames, microUsdFromDecimal, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  turnId: { name: 'turn.id', type: 'string', on: 'log' },
  /** Dollars as decimal text, as received, e.g. `0.0123`. */
  usageEstimatedUsd: {
    name: 'usage.estimated_usd',
    type: 'string(d)',
    on: 'log',
    about: 'dollars, decimal text as received',
  },
  turnInterrupted: { name: 'turn.interrupted', type: 'bool', on: 'log' },
  /** Absent when unknown. */
  speed: { name: 'speed', type: 'string', on: 'log', absent: 'unknown' },
  /** Absent when unknown. */
  reasoningEffort: { name: 'reasoning_effort', type: 'string', on: 'log', absent: 'unknown' },
} as const;

/** Options of `recordTurnCost`: the back end's estimate of what a turn cost. */
export interface TurnCostOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_cost', {
  about: 'The back end estimated what a turn cost; may come minutes after it, or never.',
  attributes,
});

/** Characters of an amount that is worth reading; to read a text of digits takes more than linear time. */
const longestAmount = 64;

/** `codex.turn_cost`: the back end estimated what a turn cost, with its counter in millionths of a dollar. */
export const recordTurnCost: SessionEvent<TurnCostOptions> = {
  definitions: [event],
  record: (recorder, options, context) => {
    const amount = property(options, 'usageEstimatedUsd');
    const readable = typeof amount === 'string' && amount.length <= longestAmount;
    const microUsd = readable ? microUsdFromDecimal(amount) : undefined;
    if (microUsd !== undefined)
      recorder.count(codexMetricNames.turnCostMicrousd, microUsd, costTags(recorder, options));
    recorder.emit(event, options, {}, context);
  },
};

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
