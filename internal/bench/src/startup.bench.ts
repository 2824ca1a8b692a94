import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchRow } from './bench.ts';
import type { Figures } from './budgets.ts';
import { bundleProgram } from './bundled-program.ts';
import { shuffled } from './rounds.ts';
import type { StartFigures } from './start-run.ts';
import { addedTo, runStart } from './start-run.ts';
import { estimate, formatEstimate, formatSpread, ratioOf, summarize } from './statistics.ts';

const titles = {
  nothing: 'nothing',
  api: "OpenTelemetry's API alone",
  'provider-none': 'provider, all exporters none',
  'provider-http': 'provider, OTLP/HTTP',
  'provider-grpc': 'provider, OTLP/gRPC',
  'sdk-by-hand': 'OTLP/HTTP by hand, of the SDK’s parts',
  'node-sdk': 'NodeSDK',
} as const;
type Program = keyof typeof titles;
const kinds = ['not bundled', 'bundled', 'not bundled, compile cache', 'bundled, compile cache'] as const;
type Kind = (typeof kinds)[number];

/** A program, and how it is started. */
interface Start {
  readonly program: Program;
  readonly kind: Kind;
}

const programs = Object.keys(titles) as Program[]; // the keys of a record are its names
const allStarts: readonly Start[] = kinds.flatMap((kind) =>
  programs
    .filter((program) => !isCached(kind) || ['nothing', 'provider-http', 'sdk-by-hand'].includes(program))
    .map((program) => ({ program, kind })),
);
const folder = fileURLToPath(new URL('./startup/', import.meta.url));

/** What telemetry adds to the start of a command-line program. */
export const bench: Bench = {
  title: 'Start-up: a whole process, from spawn to exit',
  about:
    'Each program sets up three signals, records one item of each and exits without sending; bundled means by esbuild, ' +
    'to ESM with splitting, minified. "added" is the median difference to "nothing" in the same round: in CPU time of ' +
    'the process, which other work on the machine does not change, and in wall time. Ratios are of CPU time. Compile ' +
    'cache: as docs/bundles.md recommends, with a cache that earlier starts have filled.',
  columns: ['CPU ms', 'added CPU ms', 'added wall ms', '× by hand', '× NodeSDK'],
  chart: { title: 'What telemetry adds to the start of a process', unit: 'added CPU time, ms', kind: 'bars' },

  async run() {
    const runs = await measureStarts(allStarts, 31);
    const figures = startFigures(runs);
    return allStarts.map(({ program, kind }): BenchRow => {
      const cpu = addedCpu(runs, program, kind);
      const ratio = (to: Program) =>
        program === 'nothing' || (isCached(kind) && to === 'node-sdk')
          ? ''
          : formatEstimate(ratioOf(cpu, addedCpu(runs, to, kind)));
      return {
        name: `${titles[program]}, ${kind}`,
        values: [
          formatSpread(summarize(runs(program, kind).cpu)),
          formatSpread(summarize(cpu)),
          formatSpread(summarize(addedTo(runs('nothing', kind).wall, runs(program, kind).wall))),
          ratio('sdk-by-hand'),
          ratio('node-sdk'),
        ],
        points: program === 'nothing' ? [] : [{ value: Math.max(0, summarize(cpu).median) }],
        ...(program === 'provider-http' && isCached(kind) && { sentence: gain(runs, kind) }),
        ...(program === 'nothing' && kind === 'bundled' && { figures }),
      };
    });
  },
};

/** The starts that the gate needs. */
export const gateStarts: readonly Start[] = [
  ...(['nothing', 'provider-http', 'sdk-by-hand'] as const).map((program) => ({ program, kind: kinds[0] })),
  ...(['nothing', 'api', 'provider-none', 'provider-http', 'provider-grpc', 'sdk-by-hand'] as const).map((program) => ({
    program,
    kind: kinds[1],
  })),
];

/** The measurements of starts that have a budget. */
export function startFigures(runs: Starts): Figures {
  const http = addedCpu(runs, 'provider-http', 'bundled');
  const none = addedCpu(runs, 'provider-none', 'bundled');
  const api = addedCpu(runs, 'api', 'bundled');
  return {
    startHttp: ratioOf(addedCpu(runs, 'provider-http', 'not bundled'), addedCpu(runs, 'sdk-by-hand', 'not bundled')),
    startHttpBundled: ratioOf(http, addedCpu(runs, 'sdk-by-hand', 'bundled')),
    startHttpBundledMillis: estimate(http),
    // A difference, since a ratio to the API's own millisecond is mostly noise.
    startNone: estimate(none.map((cpu, round) => cpu - 1.5 * (api[round] ?? 0))),
    startGrpc: ratioOf(addedCpu(runs, 'provider-grpc', 'bundled'), http),
  };
}

type Starts = (program: Program, kind: Kind) => StartFigures;

function addedCpu(runs: Starts, program: Program, kind: Kind): readonly number[] {
  return addedTo(runs('nothing', kind).cpu, runs(program, kind).cpu);
}

function gain(runs: Starts, cached: Kind): string {
  const kind = cached === 'bundled, compile cache' ? 'bundled' : 'not bundled';
  const [before, after] = [addedCpu(runs, 'provider-http', kind), addedCpu(runs, 'provider-http', cached)];
  return (
    `With a compile cache, the provider with OTLP/HTTP, ${kind}, adds ${formatEstimate(ratioOf(after, before))} of the ` +
    `CPU time that it adds without one: ${summarize(after).median.toFixed(1)} instead of ` +
    `${summarize(before).median.toFixed(1)} ms.`
  );
}

function isCached(kind: Kind): boolean {
  return kind.endsWith('compile cache');
}

/** Bundles what is started bundled, and makes every start once a round, in a new random order each round. */
export async function measureStarts(starts: readonly Start[], rounds: number): Promise<Starts> {
  const out = mkdtempSync(path.join(tmpdir(), 'codex-otel-startup-'));
  try {
    const bundled = new Set(starts.filter(({ kind }) => kind.startsWith('bundled')).map(({ program }) => program));
    await Promise.all(
      [...bundled].map((program) => bundleProgram(path.join(folder, `${program}.mjs`), path.join(out, program))),
    );
    const figures = new Map<string, { readonly cpu: number[]; readonly wall: number[] }>();
    const figuresOf: Starts = (program, kind) => {
      const found = figures.get(`${program}, ${kind}`);
      if (found === undefined) throw new Error(`${program}, ${kind}, was not started`);
      return found;
    };
    for (const { program, kind } of starts) figures.set(`${program}, ${kind}`, { cpu: [], wall: [] });
    for (let round = -2; round < rounds; round += 1) {
      for (const { program, kind } of shuffled(starts)) {
        const file = path.join(kind.startsWith('bundled') ? path.join(out, program) : folder, `${program}.mjs`);
        const { cpuMillis, wallMillis } = isCached(kind)
          ? runStart(path.join(folder, 'with-compile-cache.mjs'), [file, path.join(out, 'cache')])
          : runStart(file);
        if (round < 0) continue;
        const { cpu, wall } = figures.get(`${program}, ${kind}`) ?? { cpu: [], wall: [] };
        cpu.push(cpuMillis);
        wall.push(wallMillis);
      }
    }
    return figuresOf;
  } finally {
    rmSync(out, { recursive: true });
  }
}
