import { property } from './property.ts';

/** What decides the reasoning effort that spans carry. */
export interface ReasoningEffortChoice {
  /** What was asked for explicitly. */
  readonly effort?: string | undefined;
  /** What the model does where nothing is asked. */
  readonly modelDefault?: string | undefined;
  /** A model without reasoning summaries always gives `default`. @defaultValue `true` */
  readonly supportsReasoningSummaries?: boolean | undefined;
}

/** The effort for `codex.turn.reasoning_effort`: the explicit one, else the model's own, else `default`. */
export function tracedReasoningEffort(choice: ReasoningEffortChoice): string {
  if (property(choice, 'supportsReasoningSummaries') === false) return 'default';
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return [property(choice, 'effort'), property(choice, 'modelDefault')].find(isText) ?? 'default';
}
