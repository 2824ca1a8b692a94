import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { codeBlocks, outputOf } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { fakeSession } from './turn/fake-session.ts';

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: readonly string[]
) => (...given: unknown[]) => Promise<void>;
const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${folder}/README.md`, 'utf8');

describe('README', () => {
  it('shows a program that runs', async () => {
    const [program = ''] = codeBlocks(readme, 'js');
    expect((await outputOf(program, folder)).trim().split('\n')).toEqual([
      'response.created',
      'response.completed',
      'codex.user_prompt',
      'codex.sse_event',
      'codex.sse_event',
      'codex.sse_event',
      'codex.tool_result',
    ]);
  });

  it('reports approvals and retries as it says', async () => {
    const [example = ''] = codeBlocks(readme, 'ts');
    const { told, startTurn } = fakeSession();
    const run = new AsyncFunction('turn', 'askTheUser', 'requestedAt', example);
    await run(startTurn(), async () => 'approved', performance.now());
    expect(told('toolDecision')).toMatchObject([{ callId: 'call_1', decision: 'approved', source: 'User' }]);
    expect(told('recordRetry')).toMatchObject([{ attempt: 1, delayMillis: 500 }]);
  });
});
