import { describe, expect, it } from '@jest/globals';
import { parseOtlp } from '../../src/model/otlp-json.ts';
import { ReportModel } from '../../src/model/report-model.ts';
import type { Folding } from '../../src/model/turn-rows.ts';
import { plumbingCount, turnRows, visibleRows } from '../../src/model/turn-rows.ts';
import type { TestSpan } from '../otlp.ts';
import { spanId, tracesRequest, turnSpans } from '../otlp.ts';

const FOLDED: Folding = { all: false, unfolded: new Set(), collapsed: new Set() };

function rootOf(spans: readonly TestSpan[], turnId = 'turn-1') {
  const model = new ReportModel();
  model.add(parseOtlp(tracesRequest(spans)));
  const turns = model.sessions().flatMap((session) => session.turns);
  const turn = turns.find((known) => known.turnId === turnId) ?? turns[0];
  if (turn === undefined) throw new Error('there is no turn');
  return turnRows(turn, turns);
}

function shown(spans: readonly TestSpan[], folding: Partial<Folding> = {}): readonly string[] {
  return visibleRows(rootOf(spans), { ...FOLDED, ...folding }).map(
    ({ node, level, hidden }) => `${'>'.repeat(level)} ${node.label} ${node.detail} +${hidden}`,
  );
}

describe('visibleRows', () => {
  it("shows the turn's own tree, and says how much is folded", () => {
    expect(shown(turnSpans())).toEqual([
      '> session_task.turn  +2',
      '>> Request attempt 1: 503 +0',
      '>> Response 1  +2',
      '>> shell  +0',
      '>> Response 2  +1',
    ]);
  });

  it('unfolds one row, or all', () => {
    expect(shown(turnSpans(), { unfolded: new Set([spanId(4)]) })).toEqual([
      '> session_task.turn  +2',
      '>> Request attempt 1: 503 +0',
      '>> Response 1  +0',
      '>>> handle_responses created +0',
      '>>> handle_responses completed +0',
      '>> shell  +0',
      '>> Response 2  +1',
    ]);
    expect(shown(turnSpans(), { all: true })).toHaveLength(turnSpans().length);
    expect(plumbingCount(rootOf(turnSpans()))).toBe(5);
  });

  it('collapses a row', () => {
    expect(shown(turnSpans(), { collapsed: new Set([spanId(1)]) })).toEqual(['> session_task.turn  +0']);
  });

  it("shows a sub-agent's turn below the call that started it", () => {
    const sub = turnSpans({ first: 20, turn: 'turn-2', session: 'session-2' }).map((span) =>
      span.name === 'session_task.turn' ? { ...span, parent: 7 } : span,
    );
    const rows = shown([...turnSpans(), ...sub]);
    expect(rows.slice(3, 6)).toEqual(['>> shell  +0', '>>> session_task.turn  +2', '>>>> Request attempt 1: 503 +0']);
  });

  it('holds 20,000 spans one below the other', () => {
    const deep = Array.from({ length: 20_000 }, (_, index) => ({ id: index + 2, parent: index + 1, name: 'deeper' }));
    const attributes = { 'turn.id': 'turn-1' };
    const root = rootOf([{ id: 1, name: 'session_task.turn', attributes }, ...deep.reverse()]);
    expect(visibleRows(root, FOLDED)).toMatchObject([{ hidden: 20_000 }]);
    expect(visibleRows(root, { ...FOLDED, all: true }).at(-1)?.level).toBe(20_001);
  });
});
