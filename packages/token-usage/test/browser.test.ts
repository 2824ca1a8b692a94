import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { expect, it } from '@jest/globals';
import { build } from 'esbuild';

const program = `
  import { startTurn, tokenCostMicroUsd, tokenUsageFromResponse } from './src/index.ts';
  const turn = startTurn({ threadId: 'thread-1', turnId: 'turn-1', model: 'gpt-5.6-sol' });
  turn.addResponse(tokenUsageFromResponse({ input_tokens: 420, output_tokens: 60, total_tokens: 480 }));
  const usage = turn.end();
  globalThis.answer = [usage.totalTokens, tokenCostMicroUsd(usage, { input: '1.25', output: 10 })];
`;

/** Safari has no `Symbol.dispose` yet. */
const withoutDispose = `
  const { dispose, asyncDispose, ...kept } = Object.getOwnPropertyDescriptors(Symbol);
  globalThis.Symbol = Object.defineProperties(Symbol.bind(undefined), kept);
`;

it('runs with nothing but the language itself, as in a browser', async () => {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: fileURLToPath(new URL('..', import.meta.url)) },
    bundle: true,
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  const scope = createContext({});
  runInContext(withoutDispose, scope);
  runInContext(outputFiles[0]?.text ?? '', scope);
  expect(runInContext('[typeof process, typeof Symbol.dispose, ...answer].join()', scope)).toBe(
    'undefined,undefined,480,1125',
  );
});
