import { describe, expect, it } from '@jest/globals';
import { sendableHeaders, substituted } from '../src/headers.ts';

/** The reason why a header is not sent; `undefined` if it is sent. */
function problemOf(name: string, value: unknown, transport: 'http' | 'grpc' = 'http'): string | undefined {
  let said: string | undefined;
  const sent = sendableHeaders({ [name]: value }, transport, (problem, written) => {
    expect(written).toBe(name);
    said = problem;
  });
  expect(Object.keys(sent)).toHaveLength(said === undefined ? 1 : 0);
  return said;
}

describe('sendableHeaders', () => {
  it('returns lower-case names and trimmed values', () => {
    expect(sendableHeaders({ 'X-Key': ' a\tb \n' }, 'http')).toEqual({ 'x-key': 'a\tb' });
  });

  it.each([
    'connection',
    'content-encoding',
    'content-length',
    'content-type',
    'expect',
    'keep-alive',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ])('leaves %s to the transport', (name) => {
    const capital = name.toUpperCase();
    expect(problemOf(capital, 'x')).toBe(`the header '${capital}' is not sent: it belongs to the transport`);
  });

  it.each(['', 'a b', 'a:', 'ü', 'a\nb', '(a)', 'x'.repeat(257)])('refuses the name %j', (name) => {
    const shown = name.replace(/[^ -~]/g, '?').slice(0, 60);
    expect(problemOf(name, 'x')).toBe(`the header '${shown}' is not sent: its name is not legal`);
  });

  it('refuses a name that would set the prototype', () => {
    const headers = JSON.parse('{ "__proto__": "x" }');
    const said: string[] = [];
    expect(sendableHeaders(headers, 'http', (problem) => said.push(problem))).toEqual({});
    expect(said).toEqual(["the header '__proto__' is not sent: its name is not legal"]);
  });

  it.each(['x'.repeat(256), "a!#$%&'*+.^`|~-_9"])('sends the name %s over HTTP', (name) => {
    expect(problemOf(name, 'x')).toBeUndefined();
  });

  it.each([
    ['a-b_c.9', true],
    ['a!b', false],
    ['grpc-a', false],
    ['a-grpc-b', true],
    ['a-bin', false],
    ['a-bin-b', true],
  ])('sends the name %s over gRPC: %s', (name, isSent) => {
    expect(problemOf(name, 'x', 'grpc') === undefined).toBe(isSent);
    expect(problemOf(name, 'x')).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [5, 'its value is not a string'],
    [undefined, 'its value is not a string'],
    ['x'.repeat(16_385), 'its value is longer than 16384 characters'],
    ['a\nb', 'its value has illegal characters'],
    ['a\u007fb', 'its value has illegal characters'],
    ['a\u0100b', 'its value has illegal characters'],
  ])('refuses a value: %#', (value, reason) => {
    expect(problemOf('a', value)).toBe(`the header 'a' is not sent: ${reason}`);
  });

  it.each([
    ['', true],
    ['x'.repeat(16_384), true],
    ['a b~', true],
    ['a\tb', false],
    ['a\u0080b\u00ff', false],
  ])('sends a value over HTTP, and over gRPC too: %#', (value, overGrpc) => {
    expect(problemOf('a', value)).toBeUndefined();
    expect(problemOf('a', value, 'grpc') === undefined).toBe(overGrpc);
  });
});

describe('substituted', () => {
  /** The texts of this suite have a `%` instead of the dollar sign. */
  const dollars = (text: string) => text.replaceAll('%', '$');
  const env = { A: '1', EMPTY: '', 'B C': '2' };
  it.each([
    ['%{A}', '1'],
    ['x %{A}%{A} y', 'x 11 y'],
    ['%{EMPTY}', ''],
    ['%{B C}', '2'],
    ['%%{A} %{A}', '%{A} 1'],
    ['%A {A} %{A', '%A {A} %{A'],
    ['%{{A}}', '%{{A}}'],
    ['%{%{A}}', '%{1}'],
  ])('turns %s into %s', (template, text) => {
    expect(substituted(dollars(template), env, 'key')).toBe(dollars(text));
  });

  it('names the first variable that is not set, without control characters', () => {
    expect(substituted(dollars('%{A} %{N\n} %{M}'), env, 'key')).toEqual({
      path: 'key',
      message: "the environment variable 'N?' is not set",
    });
    expect(substituted(dollars('%{}'), env, 'key')).toMatchObject({
      message: "the environment variable '' is not set",
    });
  });
});
