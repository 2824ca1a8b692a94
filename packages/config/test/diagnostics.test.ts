import { describe, expect, it } from '@jest/globals';
import { runProgram } from './node-program.ts';

const misspelled = `
  import { parseOtelConfig } from '@codex-otel/config';
  await parseOtelConfig('[otel]\\nlog_user_prompts = true', {
    codexHome: '/nowhere', env: {}, serviceName: 'agent', serviceVersion: '1',
  });
`;

describe('warnings of a process without a diag logger', () => {
  it('are not printed', () => {
    expect(runProgram(misspelled)).toEqual({ stdout: '', stderr: '' });
  });

  it('go to standard error if CODEX_OTEL_DEBUG is 1', () => {
    const { stdout, stderr } = runProgram(misspelled, { CODEX_OTEL_DEBUG: '1' });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^warn codex-otel\/config: otel\.log_user_prompts.*log_user_prompt/);
  });
});
