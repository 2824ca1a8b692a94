import { describe, expect, it } from '@jest/globals';
import { decide } from '../src/classification.ts';
import { combined, compare } from '../src/differences.ts';
import type { Fact, FactArea, Facts } from '../src/facts.ts';
import { compatibilityPage } from '../src/report.ts';

function facts(area: FactArea, entries: Readonly<Record<string, string>>): Facts {
  return new Map(Object.entries(entries).map(([id, value]): [string, Fact] => [id, { area, id, value }]));
}

describe('compare', () => {
  it('reports what is the same, what differs and what one of them lacks', () => {
    const codex = facts('logs', { 'log a': 'sent', 'log a attribute x': 'int', 'log a attribute y': 'int' });
    const ours = facts('logs', { 'log a': 'sent', 'log a attribute x': 'string', 'log a attribute z': 'int' });
    const { same, differences } = compare(codex, ours);
    expect(same.map(({ id }) => id)).toEqual(['log a']);
    expect(differences).toEqual([
      { area: 'logs', id: 'log a attribute x', codex: 'int', ours: 'string' },
      { area: 'logs', id: 'log a attribute y', codex: 'int', ours: undefined },
      { area: 'logs', id: 'log a attribute z', codex: undefined, ours: 'int' },
    ]);
  });

  it('reports a thing that one of them lacks, but not its parts', () => {
    const codex = facts('metrics', { 'metric m': 'sent', 'metric m kind': 'sum', 'metric m attribute a': 'string' });
    expect(compare(codex, new Map()).differences.map(({ id }) => id)).toEqual(['metric m']);
  });

  it.each([
    ['a b c', 'a x b c', true],
    ['a b c', 'b a c', false],
    ['a b | b a', 'a b', true],
  ])('compares the order %j with %j by the names that both have', (codex, ours, isSame) => {
    const { same } = compare(facts('logs', { 'log a order': codex }), facts('logs', { 'log a order': ours }));
    expect(same.length === 1).toBe(isSame);
  });
});

describe('combined', () => {
  it('does not treat as the same what differs in one session', () => {
    const one = compare(facts('spans', { 'span a': 'sent' }), facts('spans', { 'span a': 'sent' }));
    const other = compare(facts('spans', { 'span a': 'sent' }), new Map());
    expect(combined([one, other])).toMatchObject({ same: [], differences: [{ id: 'span a' }] });
  });
});

describe('decide', () => {
  it.each([
    ['a new attribute of a known event', 'log codex.api_request attribute new', 'string', undefined],
    ['a new event', 'log codex.new', 'sent', undefined],
    ['a new span event', 'span event codex.new', 'sent', undefined],
    ['a new span of a turn', 'span codex.new', 'sent', undefined],
    ['a new attribute of a turn', 'span session_task.turn attribute codex.new', 'int', undefined],
    ['a new metric', 'metric codex.new', 'sent', undefined],
    ['a new tag', 'metric codex.turn.token_usage attribute new', 'string', undefined],
    ['a new resource attribute', 'resource of logs attribute new', 'x', undefined],
    ['another type', 'log codex.api_request attribute attempt', 'string', 'int'],
    ['a key that nobody else has', 'log codex.api_request attribute ours', undefined, 'int'],
    ['another outcome of a setting', 'with a helper for headers in the settings: header', 'helper', 'nothing'],
  ])('has no decision about %s', (_what, id, codex, ours) => {
    expect(decide([{ area: 'logs', id, codex, ours }])[0]?.decision).toBeUndefined();
  });

  it.each([
    ['span event codex.turn_profile value critical_path_status', 'disabled', 'measured', 'deliberate'],
    ['log codex.api_request time', 'not set', 'set', 'deliberate'],
    ['metric codex.sqlite.init.count', 'sent', undefined, 'host'],
    ['span handle_responses attribute codex.response.event', undefined, 'string', 'addition'],
  ])('knows %s', (id, codex, ours, kind) => {
    expect(decide([{ area: 'logs', id, codex, ours }])[0]?.decision?.kind).toBe(kind);
  });
});

describe('compatibilityPage', () => {
  it('has each difference below its reason, and lists the ones that nobody has reviewed', () => {
    const differences = decide([
      { area: 'logs', id: 'log codex.api_request time', codex: 'not set', ours: 'set' },
      { area: 'metrics', id: 'metric codex.new', codex: 'sent', ours: undefined },
    ]);
    const page = compatibilityPage({ version: 'codex-cli 1.2.3', same: [], differences });
    expect(page).toContain('against codex-cli 1.2.3');
    expect(page).toMatch(
      /### Different on purpose\n\n- the time of the event.*:\n {2}- log `codex\.api_request`: time: not set in Codex, set here\n/,
    );
    expect(page).toMatch(/### Not reviewed yet\n\n {2}- metric `codex\.new`\n/);
  });
});
