import { codexMetricNames, microUsdFromDecimal, sanitizeMetricTagValue } from '@codex-otel/metrics';
import type { EventOptions } from '../event-definition.ts';
import { defineEvent } from '../event-definition.ts';
import type { EventRecorder } from '../event-recorder.ts';
import { property } from '../property.ts';
import type { SessionEvent } from '../session-event.ts';

const attributes = {
  /** The turn that the estimate is for. */
  turnId: { name: 'turn.id' },
  /** Dollars as decimal text, as received, e.g. `0.0123`. */
  usageEstimatedUsd: { name: 'usage.estimated_usd', type: 'string(d)', about: 'dollars, decimal text as received' },
  /** Whether the turn was interrupted. */
  turnInterrupted: { name: 'turn.interrupted', type: 'bool' },
  /** The speed that the back end names, e.g. `fast`. Absent if unknown. */
  speed: { name: 'speed', absent: 'unknown' },
  /** The reasoning effort. Absent if unknown. */
  reasoningEffort: { name: 'reasoning_effort', absent: 'unknown' },
} as const;

/** Options of {@link SessionTelemetry.recordTurnCost}. */
export interface TurnCostOptions extends EventOptions<typeof attributes> {}

const event = defineEvent('codex.turn_cost', {
  on: 'log',
  about: 'The back end estimated the cost of a turn; the estimate may come minutes after the turn, or never.',
  attributes,
});

/** Longer amounts are not parsed: parsing digits takes more than linear time. */
const longestAmount = 64;

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
