import type { DemoReport } from '@codex-otel/example-cli';
import { describe, expect, it } from '@jest/globals';
import { compared } from '../src/comparison.ts';
import { quantileOf, truthOf } from '../src/truth.ts';

describe('truthOf', () => {
  const usage = {
    inputTokens: 10,
    cachedInputTokens: 4,
    cacheWriteInputTokens: 1,
    outputTokens: 5,
    reasoningOutputTokens: 2,
    totalTokens: 15,
  };
  const none = { queued: 0, exported: 0, handedOver: 0, dropped: 0, failed: 0 };
  const spans = {
    name: 'turn',
    detail: '',
    startMillis: 0,
    durationMillis: 7.9,
    failed: false,
    tokens: usage,
    children: [],
  };
  const arrived = { outcome: 'completed', durationMillis: 7.9, profile: {}, tokens: usage, responses: [], spans };
  const report: DemoReport = {
    sentTo: { url: 'http://there', protocol: 'http/json', signals: ['metrics'] },
    turns: [{ title: '', turnId: '1', traceId: '1', answer: '', countedTokens: usage, arrived }],
    total: usage,
    arrived: { requests: 1, spans: {}, logRecords: {}, metrics: {} },
    facts: {
      tools: [{ tool: 'shell', success: true, durationMillis: 3 }],
      apiRequests: [{ status: '503', success: false, durationMillis: 1 }],
      firstTokenMillis: [2],
      componentMillis: { inference: 5, tools: 0 },
    },
    sent: { traces: none, logs: { ...none, dropped: 2, failed: 1 }, metrics: none },
    modelRequests: [],
  };

  it('adds up the sessions’ reports', () => {
    expect(truthOf([report, report], 'm', [1])).toMatchObject({
      turns: 2,
      turnMillis: [7, 7],
      usage: { inputTokens: 20, totalTokens: 30 },
      tools: [{ tool: 'shell' }, { tool: 'shell' }],
      apiRequests: [{ status: '503' }, { status: '503' }],
      firstTokenMillis: [2, 2],
      components: new Map([['inference', 10]]),
      lost: new Map([['logs', 6]]),
    });
  });

  it.each([{ facts: undefined }, { turns: report.turns.map((turn) => ({ ...turn, arrived: undefined })) }])(
    'refuses sessions whose telemetry went elsewhere: %j',
    (missing) => {
      expect(() => truthOf([{ ...report, ...missing }], 'm', [])).toThrow(/went elsewhere/);
    },
  );
});

describe('quantileOf', () => {
  it.each([
    ['evenly within the bucket', 0.5, [11, 12, 19, 13], 15],
    ['from the end of the previous bucket', 0.75, [1, 2, 19, 13], 15],
    ['as the last bound if it is larger', 0.95, [1000], 100],
    ['as 0 if nothing took time', 0.95, [0, 0], 0],
  ] as const)('counts values %s', (_how, quantile, values, wanted) => {
    expect(quantileOf(quantile, values, [0, 10, 20, 100])).toBe(wanted);
  });
});

describe('compared', () => {
  const of = (entries: Readonly<Record<string, number>>) => new Map(Object.entries(entries));

  it.each([
    ['equal values', { a: 1, b: 0 }, { a: 1, b: 0 }, 0],
    ['nothing and 0', { a: 0 }, {}, 0],
    ['a value that is 2 % too high', { a: 102 }, { a: 100 }, 0.02],
    ['a missing value', {}, { a: 100 }, 1],
    ['one too many', { a: 1, b: 3 }, { a: 1 }, Number.POSITIVE_INFINITY],
  ] as const)('measures %s', (_what, values, truth, deviation) => {
    expect(compared(of(values), of(truth)).deviation).toBeCloseTo(deviation);
  });

  it('reports that there was nothing to compare', () => {
    expect(compared(of({}), of({})).isEmpty).toBe(true);
    expect(compared(of({}), of({ a: 0 })).isEmpty).toBe(false);
  });
});
