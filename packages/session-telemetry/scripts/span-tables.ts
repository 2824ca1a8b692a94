import type { SpanDefinition } from '@codex-otel/token-usage';
// @boundaries-ignore the docs also list the demo's own span
import { streamRequestSpan } from '../../../examples/cli/src/stream-request-span.ts';
import { sessionSpans } from '../src/turn/span-definitions.ts';

/** All spans of sessions and of the demo. */
export const spanCatalog: readonly SpanDefinition[] = [...sessionSpans, streamRequestSpan];

/** `docs/spans.md`, from the definitions of the spans. */
export function spansDocument(): string {
  return [
    '# Spans',
    '',
    'Every span that a session makes, and each of its attributes; written by `pnpm run docs` in ' +
      '`packages/session-telemetry` from the definitions that the code uses. No span carries content.',
    '',
    ...spanCatalog.flatMap(spanSection),
  ].join('\n');
}

function spanSection({ name, about, parent, kind, attributes }: SpanDefinition): readonly string[] {
  const rows = attributes.flatMap((table) => Object.entries(table));
  return [
    `## \`${name}\``,
    '',
    `${about} Child of: ${parent}. Kind: ${kind ?? 'internal'}.`,
    '',
    '| attribute | type | absent when | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map(([key, { type, absent, about }]) => `| \`${key}\` | ${type} | ${absent ?? 'never'} | ${about ?? ''} |`),
    '',
  ];
}
