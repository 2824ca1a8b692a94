import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Bench, BenchRow } from './bench.ts';
import { measureInterleaved } from './rounds.ts';
import type { Summary } from './statistics.ts';
import { formatSpread, summarize } from './statistics.ts';

const programs = [
  'nothing',
  'api',
  'provider-none',
  'provider-http',
  'provider-grpc',
  'sdk-by-hand',
  'node-sdk',
] as const;
type Program = (typeof programs)[number];
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
/** Bundled CommonJS asks for Node's own modules by `require`, which an ES module has not. */
const banner = "import{createRequire as bundleRequire}from'node:module';const require=bundleRequire(import.meta.url);";

/** What telemetry adds to the start of a command-line program. */
export const bench: Bench = {
  title: 'Start-up: a whole process, from spawn to exit',
  about:
    'Each program sets up three signals, records one item of each and exits without sending; bundled means by esbuild, ' +
    'to ESM with splitting, minified. "added" is the median difference to "nothing" in the same round. Goals: bundled ' +
    "over HTTP at most 10 ms added and at most ×0.1 of NodeSDK's; not bundled at most ×0.35 of what is added by hand.",
  columns: ['wall ms', 'added ms', '× by hand', '× NodeSDK'],
  async run() {
    const out = mkdtempSync(path.join(tmpdir(), 'codex-otel-startup-'));
    try {
      await Promise.all(programs.map((program) => bundle(program, path.join(out, program))));
      return await measure(out);
    } finally {
      rmSync(out, { recursive: true });
    }
  },
};

async function measure(bundles: string): Promise<readonly BenchRow[]> {
  const walls = new Map<string, number[]>();
  const cases = Object.fromEntries(
    kinds.flatMap((kind) =>
      programs.map((program) => {
        const name = caseName(program, kind);
        const file = path.join(kind === 'bundled' ? path.join(bundles, program) : folder, `${program}.mjs`);
        return [name, () => runOnce(file, walls, name)];
      }),
    ),
  );
  const summaries = await measureInterleaved(cases, { rounds: 25, warmupRounds: 2 });
  return kinds.flatMap((kind) => {
    const added = (program: Program) => addedBy(walls, program, kind);
    return programs.map((program): BenchRow => {
      const wall = summaries[caseName(program, kind)];
      if (wall === undefined) throw new Error(`${program} was not measured`);
      const own = added(program);
      const ratio = (to: Program) => (program === 'nothing' ? '' : `×${(own.median / added(to).median).toFixed(2)}`);
      return {
        name: `${titles[program]}, ${kind}`,
        values: [formatSpread(wall), formatSpread(own), ratio('sdk-by-hand'), ratio('node-sdk')],
      };
    });
  });
}

/** What a program takes beyond the one without telemetry, round by round. */
function addedBy(walls: ReadonlyMap<string, readonly number[]>, program: Program, kind: Kind): Summary {
  const own = walls.get(caseName(program, kind)) ?? [];
  const nothing = walls.get(caseName('nothing', kind)) ?? [];
  return summarize(own.map((wall, round) => wall - (nothing[round] ?? Number.NaN)));
}

function caseName(program: Program, kind: Kind): string {
  return `${program}, ${kind}`;
}

function runOnce(file: string, walls: Map<string, number[]>, name: string): number {
  const conditions = process.execArgv.filter((flag) => flag.startsWith('--conditions'));
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...conditions, file], { encoding: 'utf8' });
  const wall = performance.now() - started;
  if (status !== 0) throw new Error(`${file} failed: ${stderr.slice(0, 2000)}`);
  walls.set(name, [...(walls.get(name) ?? []), wall]);
  return wall;
}

async function bundle(program: Program, outdir: string): Promise<void> {
  await build({
    entryPoints: [path.join(folder, `${program}.mjs`)],
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: banner },
    logLevel: 'error',
  });
  const bytes = readdirSync(outdir).reduce((sum, file) => sum + statSync(path.join(outdir, file)).size, 0);
  if (bytes === 0) throw new Error(`the bundle of ${program} is empty`);
}
