import { describe, expect, it } from '@jest/globals';
import { createTraceState, trace } from '@opentelemetry/api';
import { isAllowedByConfig, parseShellArguments, runShellCommand } from '../src/shell-tool.ts';

describe('runShellCommand', () => {
  it('returns what a program prints', async () => {
    expect(await runShellCommand(['node', '--version'], undefined)).toEqual({
      output: `${process.version}\n`,
      success: true,
    });
  });

  it('reports a failure', async () => {
    expect(await runShellCommand(['node', '--eval', 'process.exit(3)'], undefined)).toMatchObject({ success: false });
    expect(await runShellCommand(['no-such-program-here'], undefined)).toMatchObject({ success: false });
  });

  it('runs no shell', async () => {
    const echo = ['node', '--print', 'process.argv[1]', '$(id); echo hi'];
    expect((await runShellCommand(echo, undefined)).output).toBe('$(id); echo hi\n');
  });

  it('passes the span’s trace context to the program', async () => {
    const span = trace.wrapSpanContext({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: 1,
      traceState: createTraceState('a=1'),
    });
    const show = ['node', '--print', '[process.env.TRACEPARENT, process.env.TRACESTATE].join()'];
    expect((await runShellCommand(show, span)).output).toBe(
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01,a=1\n',
    );
  });
});

describe('isAllowedByConfig', () => {
  it('allows programs that read, and asks about the rest', () => {
    expect([['ls'], ['cat', 'x'], ['rm', '-r', 'x'], ['node'], []].map(isAllowedByConfig)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('parseShellArguments', () => {
  it.each(['{', '{}', '{"command":[]}', '{"command":["ls",1]}', '[]', 'null'])('refuses %s', (text) => {
    expect(() => parseShellArguments(text)).toThrow();
  });
});
