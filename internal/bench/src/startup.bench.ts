import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchRow } from './bench.ts';
import { bundleProgram } from './bundled-program.ts';
import { shuffled } from './rounds.ts';
import type { StartFigures } from './start-run.ts';
import { addedTo, runStart } from './start-run.ts';
import { formatEstimate, formatSpread, ratioOf, summarize } from './statistics.ts';

const programs = [
  'nothing',
  'api',
  'provider-none',
  'provider-http',
  'provider-grpc',
  'sdk-by-hand',
  'node-sdk',
] as const;
/** A program that is started. */
export type StartProgram = (typeof programs)[number];
type Program = StartProgram;
const kinds = ['not bundled', 'bundled'] as const;
type Kind = (typeof kinds)[number];

const titles: Readonly<Record<Program, string>> = {
  nothing: 'nothing',
  api: "OpenTelemetry's API alone",
  'provider-none': 'provider, all exporters none',
  'provider-http': 'provider, OTLP/HTTP',
  'provider-grpc': 'provider, OTLP/gRPC',
  'sdk-by-hand': 'OTLP/HTTP by hand, of the SDK’s parts',
  'node-sdk': 'NodeSDK',
};
const folder = fileURLToPath(new URL('./startup/', import.meta.url));

/** What telemetry adds to the start of a command-line program. */
export const bench: Bench = {
  title: 'Start-up: a whole process, from spawn to exit',
  about:
    'Each program sets up three signals, records one item of each and exits without sending; bundled means by esbuild, ' +
    'to ESM with splitting, minified. "added" is the median difference to "nothing" in the same round: in CPU time of ' +
    'the process, which other work on the machine does not change, and in wall time. Ratios are of CPU time. Budgets: ' +
    'bundled, OTLP/HTTP at most ×0.5 of by hand, OTLP/gRPC at most ×1.3 of our OTLP/HTTP, all exporters none at most ' +
    '×1.5 of the API alone; not bundled, OTLP/HTTP at most ×0.33 of by hand.',
  columns: ['CPU ms', 'added CPU ms', 'added wall ms', '× by hand', '× NodeSDK'],
  chart: { title: 'What telemetry adds to the start of a process', unit: 'added CPU time, ms', kind: 'bars' },

  missed: [
    'OTLP/HTTP bundled, ×0.5 of by hand (about ×0.9 on a loaded machine). Of some 12 ms CPU, half is reading and ' +
      'compiling 115 KB in six files, 3 ms is creating the provider, 1 ms the first records. What loads later already is ' +
      'the transport, the serialisers, gRPC, the spool and the TOML reader. It stays because batching, retry and hand-over ' +
      'are one class each, and the hand-over must be there when the process exits in its first tick, where nothing can ' +
      'be imported; splitting the queue from the rest of its outlet is what is left to do.',
  ],
  async run() {
    const out = mkdtempSync(path.join(tmpdir(), 'codex-otel-startup-'));
    try {
      await Promise.all(programs.map((program) => bundle(program, path.join(out, program))));
      const runs = measureStarts(out, programs, kinds, 25);
      return kinds.flatMap((kind) =>
        programs.map((program): BenchRow => {
          const figures = runs(program, kind);
          const [nothing, byHand, nodeSdk] = [runs('nothing', kind), runs('sdk-by-hand', kind), runs('node-sdk', kind)];
          const cpu = addedTo(nothing.cpu, figures.cpu);
          const ratio = (to: StartFigures) =>
            program === 'nothing' ? '' : formatEstimate(ratioOf(cpu, addedTo(nothing.cpu, to.cpu)));
          return {
            name: `${titles[program]}, ${kind}`,
            values: [
              formatSpread(summarize(figures.cpu)),
              formatSpread(summarize(cpu)),
              formatSpread(summarize(addedTo(nothing.wall, figures.wall))),
              ratio(byHand),
              ratio(nodeSdk),
            ],
            points: program === 'nothing' ? [] : [{ value: Math.max(0, summarize(cpu).median) }],
          };
        }),
      );
    } finally {
      rmSync(out, { recursive: true });
    }
  },
};

/** Bundles programs into a folder and measures only these starts; for the gate. */
export async function measureBundledStarts(
  only: readonly Program[],
  rounds: number,
): Promise<(program: Program) => StartFigures> {
  const out = mkdtempSync(path.join(tmpdir(), 'codex-otel-startup-'));
  try {
    await Promise.all(only.map((program) => bundle(program, path.join(out, program))));
    const runs = measureStarts(out, only, ['bundled'], rounds);
    return (program) => runs(program, 'bundled');
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Starts every program once a round, in a new random order each round. */
function measureStarts(
  bundles: string,
  of: readonly Program[],
  as: readonly Kind[],
  rounds: number,
): (program: Program, kind: Kind) => StartFigures {
  const figures = new Map<string, { cpu: number[]; wall: number[] }>();
  const cases = as.flatMap((kind) => of.map((program) => ({ program, kind })));
  const figuresOf = (program: Program, kind: Kind) => {
    const name = `${program}, ${kind}`;
    const found = figures.get(name) ?? { cpu: [], wall: [] };
    figures.set(name, found);
    return found;
  };
  for (let round = -2; round < rounds; round += 1) {
    for (const { program, kind } of shuffled(cases)) {
      const file = path.join(kind === 'bundled' ? path.join(bundles, program) : folder, `${program}.mjs`);
      const { cpuMillis, wallMillis } = runStart(file);
      if (round < 0) continue;
      figuresOf(program, kind).cpu.push(cpuMillis);
      figuresOf(program, kind).wall.push(wallMillis);
    }
  }
  return figuresOf;
}

async function bundle(program: Program, outdir: string): Promise<void> {
  await bundleProgram(path.join(folder, `${program}.mjs`), outdir);
  const bytes = readdirSync(outdir).reduce((sum, file) => sum + statSync(path.join(outdir, file)).size, 0);
  if (bytes === 0) throw new Error(`the bundle of ${program} is empty`);
}
