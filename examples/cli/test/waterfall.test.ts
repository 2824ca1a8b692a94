import { describe, expect, it } from '@jest/globals';
import type { DemoReport, SpanReport } from '../src/index.ts';
import { formatProfile, formatReport, formatTokens } from '../src/waterfall.ts';

const tokens = {
  inputTokens: 5102,
  cachedInputTokens: 4864,
  cacheWriteInputTokens: 0,
  outputTokens: 103,
  reasoningOutputTokens: 64,
  totalTokens: 5205,
};

function span(changes: Partial<SpanReport>): SpanReport {
  const nothing = { detail: '', startMillis: 0, durationMillis: 0, failed: false, tokens: undefined, children: [] };
  return { name: 'work', ...nothing, ...changes };
}

function report(spans: SpanReport): DemoReport {
  const stats = (exported: number) => ({ queued: 0, exported, handedOver: 0, dropped: 0, failed: 0 });
  const sent = { traces: stats(1), logs: stats(2), metrics: stats(3) };
  const profile = { user_wait: 12, auto_review: 0, tools: 21, inference: 62, unknown: 0, overhead: 5 };
  const arrived = { outcome: 'completed', durationMillis: 100, profile, tokens, responses: [], spans };
  const turn = { title: 'Why?', turnId: 't', traceId: 'abc', answer: '', countedTokens: tokens, arrived };
  const counts = { requests: 1, spans: { work: 2 }, logRecords: {}, metrics: {} };
  const sentTo = { url: 'http://there', protocol: 'http/json', signals: ['traces', 'logs', 'metrics'] } as const;
  return { sentTo, turns: [turn], total: tokens, arrived: counts, facts: undefined, sent, modelRequests: [] };
}

describe('formatTokens', () => {
  it('names every part', () => {
    expect(formatTokens(tokens)).toBe('in 5,102 (4,864 cached) out 103 (64 reasoning) total 5,205');
  });
});

describe('formatProfile', () => {
  it('names what took time, by its share', () => {
    const profile = { user_wait: 120, auto_review: 0, tools: 210, inference: 620, unknown: 0, overhead: 50 };
    const line = 'inference 62 %, tools 21 %, waiting for you 12 %, overhead 5 %';
    expect(formatProfile(profile)).toBe(line);
    expect(formatProfile({ auto_review: 1, unknown: 3 })).toBe('automatic review 25 %, unknown 75 %');
    expect(formatProfile({})).toBe('');
  });
});

describe('formatReport', () => {
  /** Bars of a report whose turn lasts 100 ms, by the name of the span. */
  function bars(...children: readonly SpanReport[]): ReadonlyMap<string, string> {
    const text = formatReport(report(span({ name: 'turn', durationMillis: 100, children })));
    const lines = text.split('\n').filter((line) => / ms/.test(line));
    return new Map(lines.map((line) => [line.trim().split(' ')[0] ?? '', line.slice(53, 73)]));
  }

  it('places bars where spans ran, in proportion', () => {
    const found = bars(span({ name: 'half', startMillis: 50, durationMillis: 50 }));
    expect(found.get('turn')).toBe('█'.repeat(20));
    expect(found.get('half')).toBe(' '.repeat(10) + '█'.repeat(10));
  });

  it('keeps to the width, whatever the times are', () => {
    const found = bars(
      span({ name: 'early', startMillis: -5, durationMillis: 1 }),
      span({ name: 'late', startMillis: 150, durationMillis: 500 }),
    );
    expect(found.get('early')).toBe(`▏${' '.repeat(19)}`);
    expect(found.get('late')).toBe(`${' '.repeat(19)}█`);
  });

  it('shows tokens where there are some, the total and what arrived', () => {
    const text = formatReport(report(span({ name: 'turn', durationMillis: 100, tokens })));
    expect(text).toMatch(/turn .* in 5,102 .* total 5,205\n/);
    expect(text).toMatch(/^Total .* total 5,205$/m);
    expect(text).toContain('Arrived at http://there (http/json) in 1 requests:');
    expect(text).toMatch(/ 2 spans +work 2/);
  });

  it('ends a turn with where its time went', () => {
    const text = formatReport(report(span({ name: 'turn', durationMillis: 100 })));
    expect(text).toMatch(/turn .*\n {2}inference 62 %, tools 21 %, waiting for you 12 %, overhead 5 %\n\n/);
  });

  it('says what was sent when it went elsewhere', () => {
    const text = formatReport({ ...report(span({})), arrived: undefined });
    expect(text).toContain('Sent to http://there (http/json): 1 of 1 spans, 2 of 2 log records, 3 of 3 metric points.');
  });
});
