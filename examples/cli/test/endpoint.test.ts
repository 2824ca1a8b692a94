import { describe, expect, it } from '@jest/globals';
import { endpointProblem, shownEndpoint } from '../src/endpoint.ts';

describe('endpointProblem', () => {
  it.each(['http://localhost:4318', 'https://collector.example/otlp?key=1', 'HTTP://me:pass@collector.example'])(
    'has nothing against %s',
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

  it('says what was meant where only the scheme is missing', () => {
    expect(endpointProblem('collector:4319')).toMatch(/such as http:\/\/collector:4319$/);
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
