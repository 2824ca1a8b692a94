import { describe, expect, it } from '@jest/globals';
import { parseOtlp } from '../../src/model/otlp-json.ts';
import { ReportModel } from '../../src/model/report-model.ts';
import { TelemetryStore } from '../../src/model/telemetry-store.ts';
import { logsRequest, traceId, tracesRequest, turnSpans } from '../otlp.ts';

const session = (number: number) =>
  parseOtlp(
    tracesRequest(
      turnSpans({ trace: number, turn: `turn-${number}`, session: `session-${number}` }).map((span) => ({
        ...span,
        start: (span.start ?? 0) + number * 10_000,
        end: (span.end ?? 0) + number * 10_000,
      })),
    ),
  );

describe('TelemetryStore', () => {
  it('keeps a span that arrives twice once', () => {
    const store = new TelemetryStore();
    store.add(session(1));
    store.add(session(1));
    expect(store.counts.items).toBe(10);
  });

  it('drops the oldest sessions, and counts them', () => {
    const model = new ReportModel({ maxItems: 35, maxBytes: Number.MAX_SAFE_INTEGER });
    for (let number = 1; number <= 20; number += 1) model.add(session(number));
    expect(model.sessions().map(({ id }) => id)).toEqual(['session-20', 'session-19', 'session-18']);
    expect(model.forgotten).toEqual({ sessions: 17, spans: 170, logs: 0 });
  });

  it('stays within its size in bytes, for any items', () => {
    const store = new TelemetryStore({ maxItems: 1e9, maxBytes: 200_000 });
    const text = 'x'.repeat(10_000);
    for (let at = 0; at < 200; at += 1) {
      store.add(parseOtlp(logsRequest([{ name: 'n', at, attributes: { text, 'conversation.id': `s${at}` } }])));
      expect(store.counts.bytes).toBeLessThanOrEqual(200_000);
    }
    expect(store.forgotten.logs).toBeGreaterThan(150);
  });

  it('drops the oldest turns of its only session', () => {
    const store = new TelemetryStore({ maxItems: 50, maxBytes: Number.MAX_SAFE_INTEGER });
    for (let trace = 1; trace <= 20; trace += 1) {
      store.add(
        parseOtlp(
          tracesRequest(
            turnSpans({ trace, turn: `turn-${trace}` }).map((span) => ({
              ...span,
              start: trace * 1000,
              end: trace * 1000 + 10,
            })),
          ),
        ),
      );
    }
    expect(store.traceIds().at(-1)).toBe(traceId(20));
    expect(store.counts.items).toBeLessThanOrEqual(50);
    expect(store.forgotten.sessions).toBe(0);
  });

  it('survives a trace that is larger than the whole store', () => {
    const store = new TelemetryStore({ maxItems: 5, maxBytes: Number.MAX_SAFE_INTEGER });
    store.add(session(1));
    expect(store.counts.items).toBeLessThanOrEqual(5);
    store.add(parseOtlp(tracesRequest([{ id: 1, trace: 9, name: 'late' }])));
    expect(store.traceIds()).toEqual([traceId(9)]);
  });
});
