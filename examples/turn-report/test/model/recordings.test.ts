import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeIfPresent, recordingsPresent } from '@codex-otel/testing';
import { expect, it } from '@jest/globals';
import { ReportModel } from '../../src/model/report-model.ts';
import { parseSavedOtlp } from '../../src/model/saved-otlp.ts';
import { plumbingCount, turnRows, visibleRows } from '../../src/model/turn-rows.ts';

const folder = fileURLToPath(new URL('../../../../../shared/recordings/codex', import.meta.url));
const read = (...files: readonly string[]) => {
  const model = new ReportModel();
  for (const file of files) model.add(parseSavedOtlp(readFileSync(path.join(folder, file), 'utf8')));
  return model.sessions();
};

describeIfPresent("Codex's own telemetry", recordingsPresent, () => {
  it('of 0.171 gives its sessions, turns and tokens', () => {
    const sessions = read('0.171.0/traces.json', '0.171.0/logs.json', '0.171.0/metrics.json');
    const turns = sessions.flatMap((session) => session.turns);
    expect(turns.filter(({ task }) => task === 'turn')).toHaveLength(20);
    expect(
      turns
        .filter(({ task }) => task !== 'turn')
        .map(({ task }) => task)
        .sort(),
    ).toEqual(['compact', 'review', 'user_shell']);
    expect(turns.filter(({ state }) => state === 'open')).toEqual([]);
    // Where both are known, the usage on the turn is the sum over its responses.
    const both = turns.filter(({ usage, responsesUsage }) => usage !== undefined && responsesUsage !== undefined);
    expect(both.length).toBeGreaterThan(10);
    for (const { usage, responsesUsage } of both) expect(responsesUsage).toEqual(usage);
    const count = (state: string) => turns.filter((turn) => turn.state === state).length;
    expect({ aborted: count('aborted'), failed: count('failed') }).toEqual({ aborted: 1, failed: 6 });
    expect(turns.filter(({ parentKey }) => parentKey !== undefined)).toHaveLength(1);
  });

  it('of a turn with some 500 spans shows the six rows that matter first', () => {
    const turns = read('0.171.0/traces.json', '0.171.0/logs.json').flatMap((session) => session.turns);
    const [turn] = turns.toSorted((a, b) => b.spans.length - a.spans.length);
    if (turn === undefined) throw new Error('there is no turn');
    const root = turnRows(turn, turns);
    const rows = visibleRows(root, { all: false, unfolded: new Set(), collapsed: new Set() });
    expect(rows.map(({ node }) => `${node.kind} ${node.label}`)).toEqual([
      'turn session_task.turn',
      'response Response 1',
      'tool exec_command',
      'response Response 2',
      'tool exec_command',
      'response Response 3',
    ]);
    expect(plumbingCount(root)).toBe(turn.spans.length - rows.length);
    expect(
      turn.tools.map(({ success, result }) => [success, String(result?.attributes.arguments).slice(0, 6)]),
    ).toEqual([
      [true, '{"cmd"'],
      [true, '{"cmd"'],
    ]);
    expect(turn.usage?.totalTokens).toBe(18_317);
  });

  it('of 0.154 finds responses whose parents were not kept', () => {
    const turns = read('codex-0.154.0-helper-thread.spans.json').flatMap((session) => session.turns);
    expect(turns.map(({ usage }) => usage?.totalTokens).sort()).toEqual([14_899, 5313]);
    expect(turns.map(({ responses }) => responses.length).sort()).toEqual([0, 1]);
  });
});
