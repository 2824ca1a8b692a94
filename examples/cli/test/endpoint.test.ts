import { describe, expect, it } from '@jest/globals';
import { endpointProblem, parseSignals, shownEndpoint } from '../src/endpoint.ts';

describe('endpointProblem', () => {
  it.each(['http://localhost:4318', 'https://collector.example/otlp?key=1', 'HTTP://me:pass@collector.example'])(
    'accepts %s',
    (endpoint) => {
      expect(endpointProblem(endpoint)).toBeUndefined();
    },
  );

  it.each([
    '',
    'here',
    'ftp://me:SECRET@a',
    'http://',
    'http:///SECRET',
    'http:SECRET',
    'http://a b',
    'http://[SECRET',
  ])('says what is expected, and not what was found, for %p', (endpoint) => {
    expect(endpointProblem(endpoint)).toBe(
      '--endpoint must be an http:// or https:// URL, such as http://localhost:4318',
    );
  });

  it('suggests the full URL if only the scheme is missing', () => {
    expect(endpointProblem('collector:4319')).toMatch(/such as http:\/\/collector:4319$/);
  });
});

describe('endpointProblem of some signals', () => {
  it.each([
    ['http://a:4318/v1/traces', ['traces']],
    ['https://a/api/v1/otlp/v1/metrics?key=SECRET', ['metrics']],
    ['http://a:4318/v1/other', ['traces', 'logs', 'metrics']],
    ['http://a:4318/otlp', ['logs', 'metrics']],
  ] as const)('accepts %s for %j', (endpoint, signals) => {
    expect(endpointProblem(endpoint, signals)).toBeUndefined();
  });

  it.each([
    [
      'http://a:4318/v1/traces',
      ['traces', 'logs', 'metrics'],
      'takes only traces: add --signals traces, or give http://a:4318 for traces, logs, metrics',
    ],
    [
      'http://a:4318/v1/logs/',
      ['traces'],
      'takes only logs: add --signals logs, or give http://a:4318/v1/traces for traces',
    ],
    [
      'https://me:SECRET@a/otlp/v1/metrics?key=SECRET',
      ['logs', 'metrics'],
      'takes only metrics: add --signals metrics',
    ],
  ] as const)('refuses %s for %j', (endpoint, signals, advice) => {
    const problem = endpointProblem(endpoint, signals);
    expect(problem?.endsWith(advice)).toBe(true);
    expect(problem).not.toContain('SECRET');
  });
});

describe('parseSignals', () => {
  it.each([
    ['traces', ['traces']],
    ['metrics, traces,metrics', ['traces', 'metrics']],
  ])('reads %s', (text, signals) => {
    expect(parseSignals(text)).toEqual(signals);
  });

  it.each(['', 'traces,', 'spans'])('refuses %j', (text) => {
    expect(() => parseSignals(text)).toThrow('--signals must be some of traces,logs,metrics, not ');
  });
});

describe('shownEndpoint', () => {
  it.each([
    ['http://localhost:4318', 'http://localhost:4318'],
    ['https://me:SECRET@collector.example/otlp', 'https://collector.example/otlp'],
    ['https://collector.example?api_key=SECRET', 'https://collector.example'],
    ['https://collector.example/@team/otlp#SECRET', 'https://collector.example/@team/otlp'],
  ])('shows %s as %s', (endpoint, shown) => {
    expect(shownEndpoint(endpoint)).toBe(shown);
  });
});
