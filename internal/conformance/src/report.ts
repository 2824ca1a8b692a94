import type { DecidedDifference, DecisionKind } from './classification.ts';
import { partOf } from './differences.ts';
import type { Fact, FactArea } from './facts.ts';

/** The result of a run. */
export interface Conformance {
  /** The version of the program, as it says itself. */
  readonly version: string;
  readonly same: readonly Fact[];
  readonly differences: readonly DecidedDifference[];
}

const AREAS: readonly FactArea[] = ['logs', 'spans', 'span events', 'metrics', 'resources', 'settings', 'exit'];
const TITLES: Readonly<Record<FactArea, string>> = {
  logs: 'Log records',
  spans: 'Spans',
  'span events': 'Span events',
  metrics: 'Metrics',
  resources: 'Resources',
  settings: 'Settings',
  exit: 'At exit',
};
const KINDS: Readonly<Record<DecisionKind, string>> = {
  addition: 'Only here',
  deliberate: 'Different on purpose',
  host: 'Left to the agent',
};

/** The page `docs/compatibility.md`; equal for equal runs. */
export function compatibilityPage({ version, same, differences }: Conformance): string {
  return [
    '# Compatibility with Codex',
    '',
    `Written by \`npm run conformance\` against ${version}. It plays one session, with the same answers of the model,`,
    'the same `config.toml`, tools and failures, with the program and with a small agent built on the packages. It compares',
    'everything that the two send; each difference is here with its reason.',
    '',
    '## Token usage of turns, by version',
    '',
    '- The change that brought `codex.turn.token_usage.*`, and the versions up to 0.158: on the span of regular turns only;',
    '  a task had to opt in.',
    '- 0.171: on every task, including compactions, reviews and shell commands of the user; 0 if a finished turn has no usage.',
    '- Here: on regular turns; `recordingTurnTokenUsage(task)` opts any other in; absent if nothing was reported.',
    '',
    '## Where the time of a turn goes',
    '',
    '- Codex sends `codex.turn_profile` without measured times (`critical_path_status` is `disabled`). Here it is measured.',
    '- Only here, and off by default: the log record `codex.turn_progress` of a turn that is still open',
    '  (`[otel] open_turn_interval_ms`). Readers of usage do not add up any of its keys.',
    '',
    ...AREAS.flatMap((area) => areaSection(area, same, differences)),
  ].join('\n');
}

function areaSection(
  area: FactArea,
  same: readonly Fact[],
  differences: readonly DecidedDifference[],
): readonly string[] {
  const equal = same.filter((fact) => fact.area === area);
  const own = differences.filter((difference) => difference.area === area);
  return [
    `## ${TITLES[area]}`,
    '',
    ...sameSection(equal, own, area),
    ...Object.entries(KINDS).flatMap(([kind, title]) => kindSection(kind, title, own)),
    ...undecidedSection(own),
  ];
}

/** What is the same in every part that was compared, by name. */
function sameSection(
  facts: readonly Fact[],
  differences: readonly DecidedDifference[],
  area: FactArea,
): readonly string[] {
  if (facts.length === 0) return [];
  const differing = new Set(wholes(differences));
  const names = wholes(facts).filter((name) => !TOLD_IN_PARTS.has(area) || !differing.has(name));
  return [`The same: ${facts.length} facts about`, '', ...names.sort().map((name) => `- ${code(name, area)}`), ''];
}

/** Areas whose parts mean little on their own. */
const TOLD_IN_PARTS: ReadonlySet<FactArea> = new Set(['settings']);

function wholes(facts: readonly Pick<Fact, 'id'>[]): string[] {
  return [...new Set(facts.map(({ id }) => partOf(id)[0]))];
}

function code(name: string, area: FactArea): string {
  if (area === 'settings' || area === 'exit') return name;
  return name.replace(/^(log|span event|span|metric|resource of) (.*)$/, '$1 `$2`');
}

/** Differences with the same reason are one entry. */
function kindSection(kind: string, title: string, differences: readonly DecidedDifference[]): readonly string[] {
  const byReason = new Map<string, DecidedDifference[]>();
  for (const difference of differences) {
    if (difference.decision?.kind !== kind) continue;
    const { why } = difference.decision;
    byReason.set(why, [...(byReason.get(why) ?? []), difference]);
  }
  if (byReason.size === 0) return [];
  const entries = [...byReason].sort(([one], [other]) => one.localeCompare(other));
  return [`### ${title}`, '', ...entries.flatMap(([why, list]) => [`- ${why}:`, ...differenceLines(list)]), ''];
}

function undecidedSection(differences: readonly DecidedDifference[]): readonly string[] {
  const undecided = differences.filter(({ decision }) => decision === undefined);
  if (undecided.length === 0) return [];
  return ['### Not reviewed yet', '', ...differenceLines(undecided), ''];
}

/** A line for each thing with its parts that differ; things with the same parts share one. */
export function differenceLines(differences: readonly DecidedDifference[]): readonly string[] {
  const parts = new Map<string, Set<string>>();
  for (const difference of differences) {
    const subject = code(partOf(difference.id)[0], difference.area);
    const own = parts.get(subject) ?? new Set();
    parts.set(subject, own.add(partLine(difference)));
  }
  const subjects = new Map<string, string[]>();
  for (const [subject, own] of parts) {
    const text = [...own].sort().join('; ');
    subjects.set(text, [...(subjects.get(text) ?? []), subject]);
  }
  // What only one of the two has gets its own line, so that a new one is a new line in the diff.
  const lines = [...subjects].flatMap(([text, list]) => (text === '' ? list : [`${list.sort().join(', ')}: ${text}`]));
  return lines.sort().map((line) => `  - ${line}`);
}

/** Values are shown if both programs have some, unless they are the program's own business. */
function partLine({ id, area, codex, ours, decision }: DecidedDifference): string {
  const [, part] = partOf(id);
  const shown = area === 'settings' || area === 'exit' ? part : part.replace(/^(?:attribute|value) (.*)$/, '`$1`');
  if (codex === undefined || ours === undefined || decision?.kind === 'host') return shown;
  return `${shown === '' ? '' : `${shown}: `}${cut(codex)} in Codex, ${cut(ours)} here`;
}

function cut(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
