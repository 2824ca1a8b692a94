import { describe, expect, it } from '@jest/globals';
import { closest, didYouMean } from '../src/suggestion.ts';

describe('closest', () => {
  it.each([
    ['logs', 'exporter'],
    ['log_exporter', 'exporter'],
    ['logs_exporter', 'exporter'],
    ['traces', 'trace_exporter'],
    ['metrics', 'metrics_exporter'],
    ['service-name', 'resource_attributes'],
    ['resource', 'resource_attributes'],
    ['ENV', 'environment'],
    ['stdout', 'console'],
    ['off', 'none'],
    ['otlp', 'otlp-http'],
    ['http', 'otlp-http'],
    ['grpc', 'otlp-grpc'],
    ['url', 'endpoint'],
    ['uri', 'endpoint'],
    ['protobuf', 'binary'],
    ['http/protobuf', 'binary'],
    ['http_protobuf', 'binary'],
    ['http/json', 'json'],
    ['http json', 'json'],
    ['ca', 'ca-certificate'],
    ['ca-cert', 'ca-certificate'],
    ['cert', 'client-certificate'],
    ['client_cert', 'client-certificate'],
    ['key', 'client-private-key'],
    ['client_key', 'client-private-key'],
  ])('knows that %s means %s, if that is allowed', (found, meant) => {
    expect(closest(found, ['zzzzzzzz', meant])).toBe(meant);
    expect(closest(found, ['zzzzzzzz'])).toBeUndefined();
  });

  it.each([
    ['protocol', 'protocol'],
    ['binary', 'binary'],
  ])('suggests %s for proto if only that is allowed', (allowed, meant) => {
    expect(closest('proto', ['json', allowed])).toBe(meant);
  });

  it('prefers the key for proto to the value', () => {
    expect(closest('proto', ['binary', 'protocol'])).toBe('protocol');
  });

  it.each([
    ['endpont', 'endpoint'],
    ['END_POINT', 'endpoint'],
    ['endpiont', 'endpoint'],
    ['enpont', 'endpoint'],
    ['xendpoint', 'endpoint'],
    ['endpxxnt', 'endpoint'],
    ['endpxxxt', undefined],
    ['jso', 'json'],
    ['js', undefined],
    ['', undefined],
  ])('allows a third of the letters to differ: %s, %s', (found, meant) => {
    expect(closest(found, ['json', 'endpoint'])).toBe(meant);
  });

  it('suggests the closest word, and the first of two that are equally close', () => {
    expect(closest('abcdefx', ['abcdxyz', 'abcdefg', 'abcdefh'])).toBe('abcdefg');
  });

  it('suggests nothing for a word of more than forty letters', () => {
    const long = 'x'.repeat(40);
    expect(closest(long, [long])).toBe(long);
    expect(closest(`${long}x`, [`${long}x`])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('ends a sentence', () => {
    expect(didYouMean('endpont', ['endpoint'])).toBe("; did you mean 'endpoint'?");
    expect(didYouMean('other', ['endpoint'])).toBe('');
  });
});
