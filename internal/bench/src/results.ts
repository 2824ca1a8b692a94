import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import type { Bench, BenchRow } from './bench.ts';
import type { Figures } from './budgets.ts';
import { renderBudgets } from './budgets-table.ts';

const head = `# Benchmark results

Written by \`npm run bench -- <topic>\` (all topics: no argument); each topic replaces its own section and its picture.
Medians, with the lowest and highest sample in brackets, or with half of their 95 % interval after ±; the cases of one
table ran interleaved on one machine, so trust the ratios more than the absolute figures.
`;

/** Where and with what a section was measured. */
export interface Circumstances {
  readonly date: Date;
  /** Name → version of what took part. */
  readonly versions: ReadonlyMap<string, string>;
  /** Whether the built packages or their sources ran. */
  readonly measured: 'built packages' | 'sources';
}

/** Puts a topic's table into the results file in place of its former one; other topics stay as they are. */
export function writeSection(
  file: URL,
  topic: string,
  bench: Bench,
  rows: readonly BenchRow[],
  on: Circumstances,
): void {
  const former = existsSync(file) ? readFileSync(file, 'utf8') : head;
  writeFileSync(file, replaceSection(former, topic, renderSection(topic, bench, rows, on)));
}

/** The text with one topic's section replaced or added; sections are in alphabetical order, after the budgets. */
export function replaceSection(text: string, topic: string, section: string): string {
  return renderPage(readSections(text).set(topic, section));
}

/** The text with the table of budgets made anew from the figures that it has. */
export function renewBudgets(text: string): string {
  return renderPage(readSections(text));
}

/** The measurements in all sections that have a budget. */
export function readFigures(text: string): Figures {
  const found = text.matchAll(/^<!-- figures (.*) -->$/gm);
  return Object.assign({}, ...Array.from(found, ([, json = '']): Figures => JSON.parse(json)));
}

function renderPage(sections: ReadonlyMap<string, string>): string {
  const blocks = [...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, body]) => `<!-- bench ${name} -->\n${body}\n<!-- /bench -->\n`);
  return [head, `${renderBudgets(readFigures(blocks.join('\n')))}\n`, ...blocks].join('\n');
}

function readSections(text: string): Map<string, string> {
  const pattern = /<!-- bench (\S+) -->\n([\s\S]*?)\n<!-- \/bench -->\n/g;
  return new Map(Array.from(text.matchAll(pattern), ([, name = '', body = '']) => [name, body]));
}

/** The figures of a topic's rows. */
export function figuresOf(rows: readonly BenchRow[]): Figures {
  return Object.assign({}, ...rows.map(({ figures }) => figures));
}

function renderSection(topic: string, bench: Bench, rows: readonly BenchRow[], on: Circumstances): string {
  const versions = [...on.versions]
    .filter(([, version]) => version !== '0.0.0')
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const sentences = rows.flatMap(({ sentence }) => (sentence === undefined ? [] : [`- ${sentence}`]));
  const figures = JSON.stringify(figuresOf(rows), (_key, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(4)) : value,
  );
  return [
    `## ${bench.title}`,
    '',
    bench.about,
    '',
    ...(bench.chart === undefined ? [] : [`![${bench.chart.title}](pictures/${topic}.svg)`, '']),
    ...(sentences.length === 0 ? [] : [...sentences, '']),
    `${on.date.toISOString().slice(0, 16).replace('T', ' ')} UTC · ${machine()} · ${on.measured} · ${versions}`,
    '',
    line(['case', ...bench.columns]),
    line(['---', ...bench.columns.map(() => '---')]),
    ...rows.map((row) => line([row.name, ...row.values])),
    ...(figures === '{}' ? [] : ['', `<!-- figures ${figures} -->`]),
  ].join('\n');
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const load = os.loadavg()[1]?.toFixed(1) ?? '?';
  return `${os.availableParallelism()} × ${cpu?.model.trim() || os.arch()}, ${memory}, ${os.type()} ${os.release()}, load ${load}`;
}
