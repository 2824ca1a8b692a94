import type { Behaviour } from '@codex-otel/otlp-collector';
import type { Fact, Facts } from './facts.ts';
import { runShortly } from './programs.ts';
import { otelTable } from './session-home.ts';

/** What the collector does while a program ends. */
const CASES: readonly (readonly [name: string, behaviour: Behaviour])[] = [
  ['answers', { kind: 'answer' }],
  ['answers after a second', { kind: 'delay', delayMillis: 1000 }],
  ['never answers', { kind: 'hang' }],
  ['is down', { kind: 'refuse' }],
];

/** How long the processes that a program leaves behind may keep trying. */
const TRIES_MILLIS = 10_000;

/** How long a program is held after the model's last byte, and whether all arrives that can. */
export async function exitFacts(codex: string | undefined): Promise<Facts> {
  const facts: (readonly [string, Fact])[] = [];
  for (const [name, behaviour] of CASES) {
    const [held, arrived] = await runShortly(
      codex,
      (url) => otelTable(url),
      async ({ collector, heldMillis = 0 }) => {
        const hasTurn = () => collector.spans().some((span) => span.name === 'session_task.turn');
        // A process that still tries gets the time to succeed.
        if (behaviour.kind === 'refuse') {
          await collector.behave({ kind: 'answer' });
          await collector.waitFor(hasTurn, { timeoutMillis: TRIES_MILLIS }).catch(() => {});
        }
        return [heldMillis, hasTurn()] as const;
      },
      { prepare: (collector) => collector.behave(behaviour) },
    );
    const when = `when the collector ${name}`;
    facts.push(fact(`its exit is delayed ${when}`, seconds(held)));
    if (behaviour.kind !== 'hang')
      facts.push(fact(`the turn arrives ${when}, or comes back afterwards`, arrived ? 'yes' : 'no'));
  }
  return new Map(facts);
}

function fact(id: string, value: string): readonly [string, Fact] {
  return [id, { area: 'exit', id, value }];
}

/** Coarse, so that the page can be compared between runs. */
function seconds(millis: number): string {
  if (millis < 1000) return 'under 1 s';
  if (millis < 3000) return '1 to 3 s';
  return millis < 10_000 ? '3 to 10 s' : 'over 10 s';
}
