import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DemoReport } from '@codex-otel/example-cli';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { childLimits, sourceFlags } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

const command = fileURLToPath(new URL('../../../examples/cli/bin/demo.mjs', import.meta.url));
const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demo-command-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The demo as a child process on the sources; `npm run demo` is the same on the built packages. */
function demo(...args: readonly string[]) {
  return demoIn({}, ...args);
}

function demoIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  return run(process.execPath, [...sourceFlags, command, ...args], {
    ...childLimits,
    // The page that it writes goes there.
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...env },
  });
}

describe('the demo command', () => {
  it('prints a waterfall with tokens, the total and what arrived', async () => {
    const { stdout, stderr } = await demo();
    expect(stderr).toBe('');
    expect(stdout).toContain('Turn 1  What is a span, and what does a trace add to it?');
    expect(stdout).toMatch(/session_task\.turn .* in 4,893 \(0 cached\) out 146 \(64 reasoning\) total 5,039/);
    expect(stdout).toMatch(/handle_responses completed .*total 5,039/);
    expect(stdout).toMatch(/stream_request attempt 1: 503/);
    expect(stdout).toMatch(/^Total .*total 33,388$/m);
    expect(stdout).toMatch(/^ +\d+ log records .*codex\.tool_result 3/ms);
    expect(stdout).toMatch(/^ +\d+ metric points/m);
  });

  it('prints the same as JSON', async () => {
    const { stdout } = await demo('--json', '--protocol', 'http/json');
    const report: DemoReport = JSON.parse(stdout);
    expect(report.total.totalTokens).toBe(33_388);
    expect(report.turns).toHaveLength(4);
    expect(report.sentTo.protocol).toBe('http/json');
  });

  it('writes the turns as a page, without content, for its owner only', async () => {
    const { stdout } = await demo();
    const file = path.join(folder, 'demo-report.html');
    expect(stdout).toContain(`The turns as a page: ${file}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const page = await readFile(file, 'utf8');
    expect(page).toContain('"session_task.compact"');
    expect(page).not.toContain('denied by the user');
  });

  it('writes it elsewhere and with content if requested', async () => {
    const file = path.join(folder, 'other.html');
    const { stdout, stderr } = await demo('--json', '--report', file, '--content');
    expect(JSON.parse(stdout).turns).toHaveLength(4);
    expect(stderr).toBe(`The turns as a page: ${file}\n`);
    expect(await readFile(file, 'utf8')).toContain('denied by the user');
  });

  it('fails when the page that was asked for cannot be written', async () => {
    const { code, stderr } = await failed(demo('--report', path.join(folder, 'none', 'page.html')));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^demo: the page was not written: ENOENT/);
  });

  it('joins the trace that it was started in', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { stdout } = await demoIn({ TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` }, '--json');
    const report: DemoReport = JSON.parse(stdout);
    expect(report.turns.map((turn) => turn.traceId)).toEqual(Array(4).fill(traceId));
    expect(report.turns.map(({ arrived }) => arrived?.responses.length)).toEqual([1, 3, 1, 1]);
  });

  it.each([
    ['an unknown option', ['--nope'], "demo: Unknown option '--nope'\nusage: npm run demo -- "],
    ['what npm did not pass on as an option', ['http://me:SECRET@here?key=SECRET'], 'npm run demo -- --endpoint URL'],
    ['a protocol that it cannot speak', ['--protocol', 'smoke'], "not 'smoke'"],
    [
      'an endpoint that is not a URL',
      ['--endpoint', 'me:SECRET@here'],
      '--endpoint must be an http:// or https:// URL',
    ],
    ['an endpoint of another scheme', ['--endpoint', 'ftp://me:SECRET@here'], 'must be an http:// or https:// URL'],
    ['an endpoint without scheme', ['--endpoint', 'localhost:4318'], 'such as http://localhost:4318'],
    ['unknown signals', ['--endpoint', 'http://here', '--signals', 'smoke'], "not 'smoke'"],
    ['signals without an endpoint', ['--signals', 'traces'], '--signals chooses what goes to the --endpoint'],
    [
      "one signal's path for all",
      ['--endpoint', 'http://me:SECRET@here:4318/v1/traces?key=SECRET'],
      'add --signals traces, or give http://here:4318 for traces, logs, metrics',
    ],
    [
      'a page of telemetry that goes elsewhere',
      ['--report', 'a.html', '--endpoint', 'http://localhost:1'],
      'without --endpoint',
    ],
    ['an option without its value', ['--endpoint'], "'--endpoint <value>' argument missing"],
  ])('refuses %s', async (_reason, args, message) => {
    const { code, stdout, stderr } = await failed(demo(...args));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toContain('--endpoint  send to your own collector');
    expect(stderr).not.toContain('SECRET');
  });
});

describe('the demo with an endpoint', () => {
  let collector: OtlpCollector;
  beforeEach(async () => {
    collector = await startOtlpCollector({ grpc: false });
  });
  afterEach(() => collector.close());

  it('sends to that collector, and says so', async () => {
    const { stdout, stderr } = await demo('--endpoint', collector.httpUrl, '--protocol', 'http/json');
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Sent to \S+ \(http\/json\): (\d+) of \1 spans, (\d+) of \2 log records, (\d+) of \3 metric points\.$/m,
    );
    expect(stdout).toContain(`Sent to ${collector.httpUrl} (http/json): ${collector.spans().length} of `);
    expect(collector.spans().filter(({ name }) => name === 'session_task.turn')).toHaveLength(3);
  });

  it('prints the report and, on stderr, why nothing arrived when nobody is there', async () => {
    await collector.behave({ kind: 'refuse' });
    const { host } = new URL(collector.httpUrl);
    const endpoint = `http://me:SECRET@${host}?api_key=SECRET`;
    const { code, stdout, stderr } = await failed(demo('--endpoint', endpoint));

    expect(code).toBe(1);
    expect(stdout).toMatch(/^Turn 4 .*^Total .*total 33,388$/ms);
    expect(stdout).toMatch(/: 0 of \d+ spans, 0 of \d+ log records, 0 of \d+ metric points\.$/m);
    expect(stderr).toMatch(/^demo: no telemetry reached the collector$/m);
    expect(stderr).toContain(`  tried    http://${host} (http/protobuf)\n`);
    expect(stderr).toContain(`  why      connect ECONNREFUSED ${host} (logs, metrics, traces)\n`);
    expect(stderr).toMatch(/^ {2}lost {5}(\d+) of \1 spans, (\d+) of \2 log records, (\d+) of \3 metric points$/m);
    expect(stderr).toMatch(/^ {2}do {7}nothing listens there: start your collector/m);
    expect(stdout + stderr).not.toContain('SECRET');
  });

  it.each([
    [401, /do {7}the collector needs other credentials: set OTEL_EXPORTER_OTLP_HEADERS/],
    [404, /do {7}OTLP is not accepted at this path/],
    [500, /do {7}the collector is overloaded or broken/],
  ])('says so when the collector answers %i', async (status, advice) => {
    await collector.behave({ kind: 'status', code: status });
    const { code, stderr } = await failed(demo('--endpoint', collector.httpUrl));
    expect(code).toBe(1);
    // A reason that names the path is printed once for each signal.
    const told = [...stderr.matchAll(new RegExp(`why {6}HTTP ${status}\\b.* \\(([a-z, ]+)\\)$`, 'gm'))];
    expect(told.flatMap(([, signals = '']) => signals.split(', ')).sort()).toEqual(['logs', 'metrics', 'traces']);
    expect(stderr).toMatch(/lost {5}\d+ of \d+ spans/);
    expect(stderr).toMatch(advice);
  });

  it('reports which signals a collector does not take, and counts them in the JSON', async () => {
    await collector.behave({ kind: 'status', code: 401, signal: 'logs' });
    const { code, stdout, stderr } = await failed(demo('--endpoint', `${collector.httpUrl}?key=SECRET`, '--json'));
    const { sent, sentTo }: DemoReport = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(sentTo.url).toBe(collector.httpUrl);
    expect(sent.traces.exported).toBe(collector.spans().length);
    expect(sent.logs).toMatchObject({ exported: 0, failed: expect.any(Number) });
    expect(stderr).toMatch(/^demo: not all telemetry reached the collector$/m);
    expect(stderr).toMatch(/^ {2}why {6}HTTP 401.* \(logs\)$/m);
    expect(stderr).toContain(`  lost     ${sent.logs.failed} of ${sent.logs.failed} log records\n`);
  });

  it('judges a back end for traces only by traces, and does not send it the rest', async () => {
    await collector.behave({ kind: 'status', code: 404, signal: 'logs' });
    const asked = await demo('--endpoint', `${collector.httpUrl}/v1/traces`, '--signals', 'traces');
    const spans = collector.spans().length;
    expect(asked.stderr).toBe('');
    expect(asked.stdout).toContain(`/v1/traces (http/protobuf): ${spans} of ${spans} spans.\n`);
    expect(asked.stdout).toMatch(/^Arrived at the demo itself in \d+ requests:\n +\d+ log records .*metric points/ms);
    expect(collector.logRecords()).toEqual([]);
    expect(collector.metrics()).toEqual([]);
  });

  it('reports that a back end takes only traces', async () => {
    await collector.behave({ kind: 'status', code: 404, signal: 'logs' });
    const { stdout } = await demo('--endpoint', collector.httpUrl, '--signals', 'traces,metrics', '--json');
    expect(JSON.parse(stdout).sentTo.signals).toEqual(['traces', 'metrics']);
    const { code, stderr } = await failed(demo('--endpoint', collector.httpUrl));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^demo: this back end takes only traces and metrics: (\d+) of \1 spans, (\d+) of \2 metric points arrived$/m,
    );
    expect(stderr).toContain('--signals traces,metrics');
  });

  it('still reports log records that it does not send', async () => {
    const { stdout } = await demo('--endpoint', collector.httpUrl, '--signals', 'metrics', '--json');
    const { facts, turns }: DemoReport = JSON.parse(stdout);
    expect(facts?.tools.map(({ tool, success }) => [tool, success])).toEqual([
      ['shell', true],
      ['shell', true],
      ['shell', false],
    ]);
    expect(facts?.apiRequests.map(({ status }) => status)).toEqual(['200', '200', '200', '200', '503', '200', '200']);
    expect(turns.every(({ arrived }) => arrived !== undefined)).toBe(true);
  });

  it('does not wait for a collector that never answers', async () => {
    await collector.behave({ kind: 'hang' });
    const { code, stderr } = await failed(demo('--endpoint', collector.httpUrl));
    expect(code).toBe(1);
    expect(stderr).toMatch(/why {6}no answer (?:in time|within \d+ ms) .*do {7}check host, port and firewall/s);
  });
});

/** What a process that fails leaves behind. */
interface Failure {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function failed(process: Promise<unknown>): Promise<Failure> {
  try {
    await process;
  } catch (error) {
    if (isFailure(error)) return error;
    throw error;
  }
  throw new Error('the process did not fail');
}

function isFailure(error: unknown): error is Failure {
  return typeof error === 'object' && error !== null && 'code' in error && 'stdout' in error && 'stderr' in error;
}
