import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { catalog } from '../scripts/event-catalog.ts';
import { eventsDocument } from '../scripts/event-tables.ts';
import { NetworkProxyAudit, SessionTelemetry } from '../src/index.ts';

describe('docs/events.md', () => {
  it('is what the definitions of the events say; `pnpm run docs` writes it', () => {
    // Formatters align tables; that is no difference.
    const bare = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---').trim();
    const document = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
    expect(bare(document)).toBe(bare(eventsDocument()));
  });

  it.each(catalog.flatMap(({ event, methods }) => methods.map((method) => [event.name, method] as const)))(
    'names a method that there is for %s: %s',
    (_name, method) => {
      const [, ofAudit] = method.split('.');
      const owner = ofAudit === undefined ? SessionTelemetry : NetworkProxyAudit;
      expect(typeof Reflect.get(owner.prototype, ofAudit ?? method)).toBe('function');
    },
  );
});
