import { describeIfPresent } from '@codex-otel/testing';
import { describe, expect, it } from '@jest/globals';
import { genAiTable } from '../src/gen-ai/gen-ai-table.ts';
import { tryGenAi } from '../src/gen-ai/gen-ai-trial.ts';
import { mlflow } from '../src/gen-ai/mlflow.ts';
import { phoenix } from '../src/gen-ai/phoenix.ts';
import { findProgram } from '../src/programs/program.ts';

for (const backEnd of [phoenix, mlflow]) {
  const file = findProgram(backEnd.program);
  describeIfPresent(`the demo with the GenAI conventions in ${backEnd.program.title}`, file !== undefined, () => {
    it('shows tokens, cost, kinds and one session with only this setting', async () => {
      const results = await tryGenAi(backEnd, file ?? '');
      expect(results.map(({ mode, wrong }) => ({ mode, wrong }))).toEqual([
        { mode: 'off', wrong: [] },
        { mode: 'attributes', wrong: [] },
        { mode: 'spans', wrong: [] },
      ]);
      // Without the setting, a back end of the conventions knows no kinds.
      expect(results[0]?.shown.kinds).toEqual({ agents: 0, models: 0, tools: 0 });
    }, 400_000);
  });
}

describe('genAiTable', () => {
  it('names what was not run', () => {
    expect(genAiTable([{ title: 'Phoenix', results: undefined }])).toContain('a program was missing: Phoenix.');
  });
});
