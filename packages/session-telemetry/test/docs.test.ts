import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { catalog } from '../scripts/event-catalog.ts';
import { eventsDocument } from '../scripts/event-tables.ts';
import { genAiDocument } from '../scripts/gen-ai-tables.ts';
import { spansDocument } from '../scripts/span-tables.ts';
import { NetworkProxyAudit, SessionTelemetry } from '../src/index.ts';

describe('docs', () => {
  it.each([
    ['events.md', eventsDocument],
    ['spans.md', spansDocument],
    ['gen-ai.md', genAiDocument],
  ])('%s is what the definitions say; `pnpm run docs` writes it', (file, document) => {
    // Formatters align tables, which makes no difference.
    const bare = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---').trim();
    const written = readFileSync(new URL(`../../../docs/${file}`, import.meta.url), 'utf8');
    expect(bare(written)).toBe(bare(document(written)));
  });

  it.each(catalog.flatMap(({ event, methods }) => methods.map((method) => [event.name, method] as const)))(
    'names an existing method for %s: %s',
    (_name, method) => {
      const [, ofAudit] = method.split('.');
      const owner = ofAudit === undefined ? SessionTelemetry : NetworkProxyAudit;
      expect(typeof Reflect.get(owner.prototype, ofAudit ?? method)).toBe('function');
    },
  );
});
