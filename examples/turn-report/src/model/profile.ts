import type { Span } from './telemetry.ts';
import { numberAttribute, textAttribute } from './telemetry.ts';
import type { ProfileParts, TurnProfile } from './turn.ts';

/** A period that one part of the profile claims. */
export interface Claim {
  readonly part: 'userWait' | 'autoReview' | 'tools' | 'inference';
  readonly startMillis: number;
  readonly endMillis: number;
}

/** If two parts claim the same moment, the earlier in this list wins. */
const PRECEDENCE = ['userWait', 'autoReview', 'tools', 'inference'] as const;
const PROFILE_EVENT = 'codex.turn_profile';

/** The profile that the turn measured, from the event on its span; `undefined` if it did not, like Codex by default. */
export function measuredProfile(root: Span | undefined): TurnProfile | undefined {
  const event = root?.events.find(({ name }) => name === PROFILE_EVENT);
  if (event === undefined) return undefined;
  const { attributes } = event;
  const durationMillis = numberAttribute(attributes, 'critical_path_duration_ms');
  if (textAttribute(attributes, 'critical_path_status') === 'disabled' || durationMillis === undefined)
    return undefined;
  const part = (name: string) => numberAttribute(attributes, `critical_path_${name}_ms`) ?? 0;
  return {
    source: 'measured',
    durationMillis,
    userWait: part('user_wait'),
    autoReview: part('auto_review'),
    tools: part('tools'),
    inference: part('inference'),
    overhead: part('overhead'),
    unknown: part('unknown'),
    requests: numberAttribute(attributes, 'sampling_request_count') ?? 0,
    retries: numberAttribute(attributes, 'sampling_retry_count') ?? 0,
  };
}

/** Assigns each moment between start and end to the claim with the highest precedence. Unclaimed time is overhead. */
export function deriveParts(startMillis: number, endMillis: number, claims: readonly Claim[]): ProfileParts {
  const changes = claims.flatMap((claim) => {
    const start = Math.max(claim.startMillis, startMillis);
    const end = Math.min(claim.endMillis, endMillis);
    if (end <= start) return [];
    return [
      { at: start, part: claim.part, step: 1 },
      { at: end, part: claim.part, step: -1 },
    ];
  });
  changes.sort((a, b) => a.at - b.at);
  const open = { userWait: 0, autoReview: 0, tools: 0, inference: 0 };
  const parts = { userWait: 0, autoReview: 0, tools: 0, inference: 0, overhead: 0, unknown: 0 };
  let since = startMillis;
  for (const { at, part, step } of changes) {
    parts[PRECEDENCE.find((name) => open[name] > 0) ?? 'overhead'] += at - since;
    open[part] += step;
    since = at;
  }
  parts.overhead += Math.max(endMillis - since, 0);
  return parts;
}
