import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench, BenchRow } from './bench.ts';
import type { Figures as BudgetFigures } from './budgets.ts';
import type { InstalledPeer, Peer } from './peer-installs.ts';
import { installPeer, peers } from './peer-installs.ts';
import { shuffled } from './rounds.ts';
import { addedTo, runStart } from './start-run.ts';
import { formatSpread, ratioOf, summarize } from './statistics.ts';

const rounds = 9;
const responseRounds = 5;
const exitRounds = 2;
const responses = 200;

interface Figures {
  readonly nothing: number[];
  readonly bare: number[];
  readonly bundled: number[];
  readonly rss: number[];
  readonly response: number[];
  /** The same without records of the deltas, which only ours has. */
  readonly responseWithoutDeltas: number[];
  readonly lost: number[];
  files: number;
  /** Whether its items arrive where the process stays. */
  arrives: boolean;
}

/** Alternatives from others. */
export const bench: Bench = {
  title: 'Peers: the same program with each of them',
  about:
    'Each peer is installed by npm into a folder of its own and set up as its documentation says. Start: what ' +
    'setting up and observing an empty response adds to the CPU time of the process, as installed and bundled by ' +
    'esbuild. Files: read by then. Response: CPU time that observing a streamed response of 1,000 deltas adds to ' +
    'reading it; codex-otel looks at each event and records turn, stream and usage with events and metrics, while ' +
    'the others make a span around it (@ai-sdk/otel: with the AI SDK’s own way of calling a model); with ' +
    'log_sse_deltas = false, codex-otel makes no log records of deltas. Lost: of 200 responses, when the process ' +
    'ends by process.exit() right after; each delivers all of them to the same collector if the process stays.',
  columns: [
    'start, CPU ms',
    'bundled, CPU ms',
    'files',
    'memory MiB',
    'install MiB',
    'response of 1,000 deltas µs',
    'lost at exit',
  ],
  chart: { title: 'What each adds to the start of a process, as installed', unit: 'added CPU time, ms', kind: 'bars' },
  async run() {
    const installed = new Map<Peer, InstalledPeer>();
    const missing: BenchRow[] = [];
    for (const peer of peers) {
      console.error(`▸ npm install ${peer.title}`);
      try {
        installed.set(peer, await installPeer(peer));
      } catch (error) {
        const code = /npm error code (\S+)/.exec(String(error))?.[1] ?? 'npm fails';
        missing.push({
          name: peer.title,
          values: [`does not install: ${code}`, '', '', '', '', '', ''],
        });
      }
    }
    const receiver = fork(fileURLToPath(new URL('./peers/receiver.ts', import.meta.url)));
    const [port] = await once(receiver, 'message');
    const url = `http://127.0.0.1:${port}`;
    try {
      const figures = await measure(installed, url);
      const rows = [...installed].flatMap(([peer, { installMiB }]): BenchRow[] => {
        const own = requireOf(figures, peer);
        const start = summarize(addedTo(own.nothing, own.bare));
        const asBundle = own.bundled.length === 0 ? undefined : summarize(addedTo(own.nothing, own.bundled));
        const row: BenchRow = {
          name: peer.title,
          values: [
            formatSpread(start),
            asBundle === undefined ? 'does not run bundled' : formatSpread(asBundle),
            String(own.files),
            summarize(own.rss).median.toFixed(0),
            installMiB.toFixed(1),
            formatSpread(summarize(own.response)),
            own.arrives ? `${summarize(own.lost).median.toFixed(0)} %` : 'nothing arrives',
          ],
          points: [{ value: start.median }],
        };
        if (peer.install !== 'workspace') return [row];
        const response = formatSpread(summarize(own.responseWithoutDeltas));
        return [
          { ...row, figures: startBudgets(peer, figures) },
          { name: `${peer.title}, log_sse_deltas = false`, values: ['', '', '', '', '', response, ''] },
        ];
      });
      return [...rows, ...missing];
    } finally {
      receiver.disconnect();
    }
  },
};

/** Our start against the one of the fastest other. */
function startBudgets(ours: Peer, figures: ReadonlyMap<Peer, Figures>): BudgetFigures {
  const toFastest = (of: (each: Figures) => readonly number[]) => {
    const added = (each: Figures) => addedTo(each.nothing, of(each));
    const [fastest] = [...figures]
      .filter(([peer, each]) => peer !== ours && of(each).length > 0)
      .map(([, each]) => added(each))
      .sort((a, b) => summarize(a).median - summarize(b).median);
    return fastest === undefined ? undefined : ratioOf(added(requireOf(figures, ours)), fastest);
  };
  return { startPeers: toFastest(({ bare }) => bare), startPeersBundled: toFastest(({ bundled }) => bundled) };
}

async function measure(installed: ReadonlyMap<Peer, InstalledPeer>, url: string): Promise<ReadonlyMap<Peer, Figures>> {
  const figures = new Map<Peer, Figures>();
  for (const [peer, { program, bundled }] of installed) {
    const files = countFiles(program, url);
    const runsBundled = bundled !== undefined && runs(bundled, url);
    figures.set(peer, {
      nothing: [],
      bare: [],
      bundled: [],
      rss: [],
      response: [],
      responseWithoutDeltas: [],
      lost: [],
      files,
      arrives: false,
    });
    await received(url);
    runStart(program, ['stay', url]);
    requireOf(figures, peer).arrives = (await received(url)) >= responses * 0.99;
    if (!runsBundled && bundled !== undefined) console.error(`  ${peer.title} does not run bundled`);
    if (!runsBundled) installedWithoutBundle.add(peer);
  }
  for (let round = -1; round < rounds; round += 1) {
    for (const [peer, { program, bundled }] of shuffled([...installed])) {
      const own = requireOf(figures, peer);
      const keep = (list: number[], value: number) => {
        if (round >= 0) list.push(value);
      };
      keep(own.nothing, runStart(program, ['nothing']).cpuMillis);
      const start = runStart(program, ['start', url]);
      keep(own.bare, start.cpuMillis);
      keep(own.rss, figureOf(start.stdout, 'rssMiB'));
      if (bundled !== undefined && !installedWithoutBundle.has(peer)) {
        keep(own.bundled, runStart(bundled, ['start', url]).cpuMillis);
      }
      if (round >= responseRounds) continue;
      const response = (...args: readonly string[]) =>
        figureOf(runStart(program, ['response', url, ...args]).stdout, 'micros');
      keep(own.response, response());
      if (peer.install === 'workspace') keep(own.responseWithoutDeltas, response('no-deltas'));
      if (round >= exitRounds) continue;
      await received(url);
      runStart(program, ['exit', url]);
      keep(own.lost, ((responses - (await handedOver(url))) / responses) * 100);
    }
  }
  return figures;
}

const installedWithoutBundle = new Set<Peer>();

/** Includes what a detached process sends after the exit: waits until nothing has arrived for a while. */
async function handedOver(url: string): Promise<number> {
  let sum = 0;
  for (let quiet = 0; quiet < 4; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const more = await received(url);
    sum += more;
    quiet = more === 0 ? quiet + 1 : 0;
  }
  return sum;
}

async function received(url: string): Promise<number> {
  return Number(await (await fetch(url)).text());
}

function countFiles(program: string, url: string): number {
  const preload = path.join(path.dirname(program), 'count-files.mjs');
  const { stdout } = spawnSync(process.execPath, ['--import', preload, program, 'start', url], { encoding: 'utf8' });
  return figureOf(stdout, 'files');
}

function runs(program: string, url: string): boolean {
  try {
    runStart(program, ['start', url]);
    return true;
  } catch {
    return false;
  }
}

function figureOf(stdout: string, name: string): number {
  const found = [...stdout.matchAll(/^@@(.*)$/gm)].map(([, json = '']): unknown => JSON.parse(json));
  const values = Object.assign({}, ...found) as Readonly<Record<string, number>>;
  const value = values[name];
  if (value === undefined) throw new Error(`a peer's program printed no '${name}'`);
  return value;
}

function requireOf(figures: ReadonlyMap<Peer, Figures>, peer: Peer): Figures {
  const found = figures.get(peer);
  if (found === undefined) throw new Error(`${peer.title} was not measured`);
  return found;
}
