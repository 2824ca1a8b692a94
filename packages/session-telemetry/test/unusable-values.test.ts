import { afterEach, describe, expect, it } from '@jest/globals';
import { diag } from '@opentelemetry/api';
import { UnusableValues } from '../src/unusable-values.ts';

describe('UnusableValues', () => {
  afterEach(() => diag.disable());

  /** Collects the lines on `diag`. */
  function warnings(): readonly string[] {
    const said: string[] = [];
    const ignore = () => undefined;
    const warn = (message: string) => void said.push(message);
    diag.setLogger({ warn, error: ignore, info: ignore, debug: ignore, verbose: ignore });
    return said;
  }

  it('counts each, and names each place once', () => {
    const said = warnings();
    const values = new UnusableValues();
    for (const place of ['a', 'b', 'a']) values.report(place, 'missing');
    expect(values.count).toBe(3);
    expect(said).toEqual(['codex-otel/session-telemetry: a: missing', 'codex-otel/session-telemetry: b: missing']);
  });

  it('names a bounded number of places, and counts on', () => {
    const said = warnings();
    const values = new UnusableValues();
    for (let place = 0; place < 2000; place += 1) values.report(`place ${place}`, 'missing');
    expect(said).toHaveLength(1000);
    expect(values.count).toBe(2000);
  });
});
