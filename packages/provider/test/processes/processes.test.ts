import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { traceContextToEnv } from '@codex-otel/trace-context';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createOtelProvider } from '../../src/index.ts';
import { settingsFor } from '../test-settings.ts';
import { runProgram } from './run-program.ts';

let collector: OtlpCollector;

beforeEach(async () => {
  collector = await startOtlpCollector();
});

afterEach(() => collector.close());

const fixture = (name: string): URL => new URL(`./${name}`, import.meta.url);
const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

describe('the built package', () => {
  it.each([
    ['an ES module', 'consumer.fixture.mjs', 'http'],
    ['an ES module', 'consumer.fixture.mjs', 'grpc'],
    ['a CommonJS module', 'consumer.fixture.cjs', 'http'],
    ['a CommonJS module', 'consumer.fixture.cjs', 'grpc'],
  ])('serves %s (%s, %s)', async (_kind, file, protocol) => {
    const endpoint = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
    expect(await runProgram(fixture(file), { args: [protocol, endpoint] })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect([collector.spans(), collector.logRecords(), collector.metrics()].map(({ length }) => length)).toEqual([
      1, 1, 1,
    ]);
    expect(collector.logRecords()[0]?.traceId).toBe(collector.spans()[0]?.traceId);
  });

  it('shares the process between its two copies', async () => {
    const { code, stderr } = await runProgram(fixture('two-copies.fixture.cjs'), { args: [collector.httpUrl] });
    expect([code, stderr]).toEqual([0, '']);
    expect(
      collector
        .spans()
        .map(({ name, resource }) => [name, resource.attributes['service.name']])
        .sort(),
    ).toEqual([
      ['after the first', 'esm'],
      ['after', 'esm'],
      ['before', 'cjs'],
    ]);
    expect(collector.logRecords()).toMatchObject([{ resource: { attributes: { 'service.name': 'esm' } } }]);
  });

  it('continues a trace in a child process', async () => {
    const provider = await createOtelProvider(settingsFor(collector), { env: {}, handoverOnExit: false });
    const span = provider?.tracer.startSpan('of the parent');
    if (span === undefined) throw new Error('no span');
    const args = [collector.httpUrl];
    const { code } = await runProgram(fixture('child-trace.fixture.mjs'), {
      args,
      env: { ...traceContextToEnv(span) },
    });
    span.end();
    await provider?.shutdown();
    expect(code).toBe(0);
    const [parent, child] = ['of the parent', 'of the child'].map((name) =>
      collector.spans().find((one) => one.name === name),
    );
    expect(child?.traceId).toBe(parent?.traceId);
    expect(child?.parentSpanId).toBe(parent?.spanId);
    expect(child?.flags).toBe(0x301);
  });

  it('prints nothing while its collector is down', async () => {
    expect(await runProgram(fixture('quiet.fixture.mjs'))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('says what it does with CODEX_OTEL_DEBUG=1, and shows no secret', async () => {
    const { stdout, stderr } = await runProgram(fixture('quiet.fixture.mjs'), { env: { CODEX_OTEL_DEBUG: '1' } });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/traces: http\/json to http:\/\/127\.0\.0\.1:9\/v1\/x/);
    expect(stderr).toMatch(/logs to http:\/\/127\.0\.0\.1:9\/v1\/x: could not export 1.*ECONNREFUSED/);
    expect(stderr).not.toMatch(/secret|password|content/);
  });

  it('says with CODEX_OTEL_DEBUG=1 that nothing is configured, and nothing without it', async () => {
    const run = (env: NodeJS.ProcessEnv) => runProgram(fixture('unconfigured.fixture.mjs'), { env });
    expect(await run({})).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await run({ CODEX_OTEL_DEBUG: '1' })).stderr).toMatch(/nothing is sent: no exporter is configured/);
  });

  it('writes OTLP JSON, a line a batch, for the console exporter', async () => {
    const { code, stdout, stderr } = await runProgram(fixture('console.fixture.mjs'));
    expect([code, stderr]).toEqual([0, '']);
    const lines: object[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.flatMap(Object.keys).sort()).toEqual(['resourceLogs', 'resourceMetrics', 'resourceSpans']);
    expect(stdout).toContain('"name":"codex.a"');
  });
});

describe('codexNodeSdkConfiguration', () => {
  it.each(['binary', 'grpc'])('puts an agent turn and its model requests into one trace, over %s', async (protocol) => {
    const traceparents: string[] = [];
    const tracestates: string[] = [];
    const model = createServer((request, response) => {
      traceparents.push(String(request.headers.traceparent));
      tracestates.push(String(request.headers.tracestate));
      response.end('ok');
    });
    await new Promise<void>((resolve) => model.listen(0, '127.0.0.1', resolve));
    const address = model.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const endpoint = protocol === 'grpc' ? collector.grpcUrl : collector.httpUrl;
    const args = [endpoint, `http://127.0.0.1:${address.port}/responses`, protocol];
    const { code, stderr } = await runProgram(fixture('node-sdk.fixture.mjs'), { args });
    model.close();
    expect([code, stderr]).toEqual([0, '']);

    const turn = collector.spans().find(({ name }) => name === 'session_task.turn');
    const requests = collector.spans().filter(({ kind }) => kind === 'client');
    expect(collector.spans()).toHaveLength(3);
    expect(requests.map(({ parentSpanId, traceId }) => [parentSpanId, traceId])).toEqual(
      Array(2).fill([turn?.spanId, turn?.traceId]),
    );
    expect(traceparents.sort()).toEqual(requests.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`).sort());
    expect(tracestates).toEqual(['example=alpha:one', 'example=alpha:one']);
    expect(collector.spans().every(({ attributes }) => attributes.team === 'a')).toBe(true);
    expect(turn?.events.map(({ name }) => name)).toEqual(['codex.user_prompt']);
    expect(turn?.resource.attributes).toMatchObject({ 'service.name': 'host', env: 'test' });
    expect(turn?.resource.attributes).not.toHaveProperty(['host.name']);
    expect(collector.logRecords()).toMatchObject([
      {
        eventName: 'codex.user_prompt',
        traceId: turn?.traceId,
        spanId: turn?.spanId,
        resource: { attributes: { 'host.name': 'host-1' } },
      },
    ]);
    const turns = collector.metrics().find(({ name }) => name === 'codex.turn');
    expect(turns).toMatchObject({
      kind: 'sum',
      temporality: 'delta',
      resource: { attributes: { os: expect.any(String) } },
    });
  });
});

describe('an install without the optional peers', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-install-'));
    const modules = path.join(folder, 'node_modules');
    await mkdir(path.join(modules, '@opentelemetry'), { recursive: true });
    const linked = new Set<string>();
    // Copies, since a link would find the gRPC beside the sources.
    for (const name of ['provider', 'metrics']) {
      const source = path.join(packageFolder, '..', name);
      const own = path.join(modules, '@codex-otel', name);
      await cp(path.join(source, 'dist'), path.join(own, 'dist'), { recursive: true });
      const manifest = await readFile(path.join(source, 'package.json'), 'utf8');
      await writeFile(path.join(own, 'package.json'), manifest);
      for (const dependency of Object.keys(JSON.parse(manifest).dependencies)) {
        if (dependency === '@codex-otel/metrics' || linked.has(dependency)) continue;
        linked.add(dependency);
        await symlink(path.join(source, 'node_modules', dependency), path.join(modules, dependency));
      }
    }
    await symlink(
      path.join(packageFolder, 'node_modules', '@opentelemetry', 'api'),
      path.join(modules, '@opentelemetry', 'api'),
    );
    await cp(fixture('consumer.fixture.mjs'), path.join(folder, 'consumer.mjs'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('works over HTTP', async () => {
    const program = path.join(folder, 'consumer.mjs');
    expect(await runProgram(program, { args: ['http', collector.httpUrl] })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(collector.spans()).toHaveLength(1);
  });

  it('says what to install for gRPC', async () => {
    const program = path.join(folder, 'consumer.mjs');
    const { code, stderr } = await runProgram(program, { args: ['grpc', collector.grpcUrl] });
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      'otel.trace_exporter.otlp-grpc: OTLP over gRPC needs a package that is not installed: npm install @grpc/grpc-js',
    );
  });
});
