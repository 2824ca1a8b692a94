import { property } from './property.ts';

/** The inputs of the reasoning effort on spans. */
export interface ReasoningEffortChoice {
  /** The requested effort. */
  readonly effort?: string | undefined;
  /** The model's effort if none is requested. */
  readonly modelDefault?: string | undefined;
  /** Without reasoning summaries the effort is always `default`. @defaultValue `true` */
  readonly supportsReasoningSummaries?: boolean | undefined;
}

/** The effort for `codex.turn.reasoning_effort`: the requested one, else the model's default, else `default`. */
export function tracedReasoningEffort(choice: ReasoningEffortChoice): string {
  if (property(choice, 'supportsReasoningSummaries') === false) return 'default';
  const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
  return [property(choice, 'effort'), property(choice, 'modelDefault')].find(isText) ?? 'default';
}
