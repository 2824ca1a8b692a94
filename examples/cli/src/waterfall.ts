import { styleText } from 'node:util';
import type { TokenUsage } from '@codex-otel/token-usage';
import type { DemoReport } from './demo.ts';
import { demoSignals } from './endpoint.ts';
import type { ArrivedCounts, SpanReport, TurnReport } from './report.ts';
import { exportedCounts } from './undelivered.ts';

const NAME_WIDTH = 52;
const BAR_WIDTH = 20;

/** The report for people: a waterfall for each turn, the total, and what arrived. */
export function formatReport(report: DemoReport): string {
  const { sentTo, turns, total, arrived, sent } = report;
  const where = `${sentTo.url} (${sentTo.protocol})`;
  const staysHere = arrived !== undefined && sentTo.signals.length === demoSignals.length;
  const lines = [
    ...turns.flatMap((turn, index) => [...formatTurn(turn, index + 1), '']),
    `${styleText('bold', 'Total'.padEnd(NAME_WIDTH + BAR_WIDTH + 10))} ${formatTokens(total)}`,
    '',
    ...(staysHere ? [] : [`Sent to ${where}: ${exportedCounts(sent, sentTo.signals)}.`]),
    ...(arrived === undefined ? [] : formatArrived(arrived, staysHere ? where : 'the demo itself')),
  ];
  return `${lines.join('\n')}\n`;
}

/** `in 5,102 (4,864 cached) out 103 (64 reasoning) total 5,205`. */
export function formatTokens(tokens: TokenUsage): string {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, totalTokens } = tokens;
  const [input, cached, output, reasoning, total] = [
    inputTokens,
    cachedInputTokens,
    outputTokens,
    reasoningOutputTokens,
    totalTokens,
  ].map((count) => count.toLocaleString('en'));
  return `in ${input} (${cached} cached) out ${output} (${reasoning} reasoning) total ${total}`;
}

function formatTurn(turn: TurnReport, number: number): readonly string[] {
  const title = `${styleText('bold', `Turn ${number}`)}  ${turn.title}`;
  const { arrived } = turn;
  if (arrived === undefined) return [title, `  trace ${turn.traceId}  ${formatTokens(turn.countedTokens)}`];
  const known = arrived.tokens === undefined ? ', no tokens on the turn' : '';
  return [
    title,
    styleText('dim', `  trace ${turn.traceId}, ${arrived.outcome}${known}`),
    ...formatSpan(arrived.spans, arrived.durationMillis, 1),
    `  ${formatProfile(arrived.profile)}`,
  ];
}

/** The names of the components of a turn's time, in the order in which they are shown. */
const COMPONENTS = [
  ['inference', 'inference'],
  ['tools', 'tools'],
  ['user_wait', 'waiting for you'],
  ['auto_review', 'automatic review'],
  ['overhead', 'overhead'],
  ['unknown', 'unknown'],
] as const;

/** `inference 62 %, tools 21 %, waiting for you 12 %, overhead 5 %`, without components that took no time. */
export function formatProfile(profile: Readonly<Record<string, number>>): string {
  const total = Object.values(profile).reduce((sum, millis) => sum + millis, 0);
  return COMPONENTS.flatMap(([component, name]) => {
    const percent = Math.round((100 * (profile[component] ?? 0)) / total);
    return percent > 0 ? [`${name} ${percent} %`] : [];
  }).join(', ');
}

function formatSpan(span: SpanReport, turnMillis: number, depth: number): readonly string[] {
  const name = `${'  '.repeat(depth)}${span.name}`;
  const detail = span.detail === '' ? '' : ` ${span.detail}`;
  const label = `${name}${detail}`.slice(0, NAME_WIDTH).padEnd(NAME_WIDTH);
  const tokens = span.tokens === undefined ? '' : ` ${formatTokens(span.tokens)}`;
  const shown = label.slice(0, name.length) + styleText('dim', label.slice(name.length));
  const bar = formatBar(span, turnMillis);
  const line = `${shown} ${span.failed ? styleText('red', bar) : styleText('cyan', bar)} ${formatMillis(span.durationMillis)}${tokens}`;
  return [line.trimEnd(), ...span.children.flatMap((child) => formatSpan(child, turnMillis, depth + 1))];
}

function formatBar(span: SpanReport, turnMillis: number): string {
  const perMilli = BAR_WIDTH / Math.max(turnMillis, 1);
  const start = Math.min(Math.max(Math.floor(span.startMillis * perMilli), 0), BAR_WIDTH - 1);
  const length = Math.min(Math.max(Math.round(span.durationMillis * perMilli), 1), BAR_WIDTH - start);
  const mark = span.durationMillis * perMilli < 0.5 ? '▏' : '█';
  return `${' '.repeat(start)}${mark.repeat(length)}`.padEnd(BAR_WIDTH);
}

function formatMillis(millis: number): string {
  return `${millis < 10 ? millis.toFixed(1) : Math.round(millis)} ms`.padStart(9);
}

function formatArrived({ requests, spans, logRecords, metrics }: ArrivedCounts, where: string): readonly string[] {
  return [
    `Arrived at ${where} in ${requests} requests:`,
    ...formatCounts('spans', spans),
    ...formatCounts('log records', logRecords),
    ...formatCounts('metric points', metrics),
  ];
}

function formatCounts(what: string, counts: Readonly<Record<string, number>>): readonly string[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const names = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return [`  ${String(total).padStart(4)} ${what.padEnd(14)}${styleText('dim', wrap(names, 21))}`];
}

/** Joins by commas, breaking lines that grow too long. */
function wrap(parts: readonly string[], indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    if (line !== '' && line.length + part.length > 110 - indent) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? part : `, ${part}`;
  }
  return [...lines, line].join(`,\n${' '.repeat(indent)}`);
}
