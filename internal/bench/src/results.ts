import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import type { Bench, BenchRow } from './bench.ts';

const head = `# Benchmark results

Written by \`npm run bench -- <topic>\` (all topics: no argument); each topic replaces its own section and its picture.
Medians, with the lowest and highest sample in brackets, or with the half of their 95 % interval behind ±; cases of one
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

/** The text with one topic's section replaced or added; sections are in alphabetical order. */
export function replaceSection(text: string, topic: string, section: string): string {
  const pattern = /<!-- bench (\S+) -->\n([\s\S]*?)\n<!-- \/bench -->\n/g;
  const sections = new Map(Array.from(text.matchAll(pattern), ([, name = '', body = '']) => [name, body]));
  sections.set(topic, section);
  const blocks = [...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, body]) => `<!-- bench ${name} -->\n${body}\n<!-- /bench -->\n`);
  return [head, ...blocks].join('\n');
}

function renderSection(topic: string, bench: Bench, rows: readonly BenchRow[], on: Circumstances): string {
  const versions = [...on.versions]
    .filter(([, version]) => version !== '0.0.0')
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${bench.title}`,
    '',
    bench.about,
    '',
    ...(bench.missed ?? []).flatMap((missed) => [`**Missed:** ${missed}`, '']),
    ...(bench.chart === undefined ? [] : [`![${bench.chart.title}](pictures/${topic}.svg)`, '']),
    `${on.date.toISOString().slice(0, 16).replace('T', ' ')} UTC · ${machine()} · ${on.measured} · ${versions}`,
    '',
    line(['case', ...bench.columns]),
    line(['---', ...bench.columns.map(() => '---')]),
    ...rows.map((row) => line([row.name, ...row.values])),
  ].join('\n');
}

function machine(): string {
  const [cpu] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const load = os.loadavg()[1]?.toFixed(1) ?? '?';
  return `${os.availableParallelism()} × ${cpu?.model.trim() || os.arch()}, ${memory}, ${os.type()} ${os.release()}, load ${load}`;
}
