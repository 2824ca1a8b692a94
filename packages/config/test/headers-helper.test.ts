// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what the file has
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { HeadersHelperInput, HeadersHelperOptions, OtelConfigError, OtelExporter } from '@codex-otel/config';
import { headersFromHelper, headersHelperOf, isOtelConfigError, resolveOtlpConnection } from '@codex-otel/config';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { diagMessages } from './diag-messages.ts';
import { runProgram } from './node-program.ts';
import { host, parsed } from './parsed.ts';

const messages = diagMessages();

let folder: string;
let program: string;
let runs: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-helper-'));
  program = path.join(folder, 'helper.mjs');
  runs = path.join(folder, 'runs');
  // Notes that it ran, then does what its first argument says.
  writeFileSync(
    program,
    `import fs from 'node:fs';
     fs.appendFileSync(${JSON.stringify(runs)}, 'x');
     const [what, text] = process.argv.slice(2);
     const number = fs.readFileSync(${JSON.stringify(runs)}, 'utf8').length;
     if (what === 'print') process.stdout.write(text.replaceAll('#', number));
     if (what === 'env') process.stdout.write(JSON.stringify({ answer: process.env.ANSWER }));
     if (what === 'fail') { console.error('secret output'); process.exit(3); }
     if (what === 'flood') process.stdout.write('x'.repeat(100_000));
     if (what === 'hang') setInterval(() => {}, 1000);
     if (text?.endsWith('.pid')) fs.writeFileSync(text, String(process.pid));`,
  );
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A program that runs \`shell\`. */
function executable(shell: string): string {
  const file = path.join(folder, `${Math.random()}.sh`);
  writeFileSync(file, `#!/bin/sh\n${shell}\n`, { mode: 0o755 });
  return file;
}

/** A helper that does what \`words\` say, and how often it ran so far. */
function helper(words: readonly string[], input: Partial<HeadersHelperInput> = {}, options: HeadersHelperOptions = {}) {
  writeFileSync(runs, '');
  const ask = headersFromHelper(
    { command: [process.execPath, program, ...words], ...input },
    { path: 'otel.x', ...options },
  );
  return { ask, count: () => readFileSync(runs, 'utf8').length };
}

/** A running command does not keep a process alive, so something else must. */
async function kept<T>(promise: Promise<T>): Promise<T> {
  const timer = setInterval(() => {}, 1000);
  try {
    return await promise;
  } finally {
    clearInterval(timer);
  }
}

async function failureOf(promise: Promise<unknown>): Promise<OtelConfigError> {
  const error: unknown = await kept(promise).catch((reason: unknown) => reason);
  if (isOtelConfigError(error)) return error;
  throw new Error('did not fail', { cause: error });
}

function openDescriptors(): number {
  return process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('headersFromHelper', () => {
  it('returns what the command prints', async () => {
    const { ask } = helper(['print', '{ "authorization": "Bearer #" }']);
    const headers = await kept(ask());
    expect(headers).toEqual({ authorization: 'Bearer 1' });
    expect(inspect(headers) + inspect(headers, { customInspect: false }) + JSON.stringify(headers)).not.toContain('1');
  });

  it('runs the command with the given environment and no shell', async () => {
    const { ask } = helper(['env'], {}, { env: { ANSWER: '$(echo no)' } });
    expect(await kept(ask())).toEqual({ answer: '$(echo no)' });
  });

  it('runs the command again only when the answer is older than its time to live', async () => {
    let now = 0;
    const { ask, count } = helper(['print', '{ "a": "#" }'], { ttlMillis: 1000 }, { now: () => now });
    expect(await kept(ask())).toEqual({ a: '1' });
    now = 999;
    expect(await kept(ask())).toEqual({ a: '1' });
    now = 1000;
    expect(await kept(ask())).toEqual({ a: '2' });
    expect(count()).toBe(2);
  });

  it('uses the time to live in the answer', async () => {
    let now = 0;
    const { ask } = helper(['print', '{ "headers": { "a": "#" }, "ttl_ms": 50 }'], {}, { now: () => now });
    expect(await kept(ask())).toEqual({ a: '1' });
    now = 50;
    expect(await kept(ask())).toEqual({ a: '2' });
  });

  it('runs the command once for concurrent callers', async () => {
    const { ask, count } = helper(['print', '{ "a": "#" }']);
    expect(await kept(Promise.all([ask(), ask(), ask()]))).toEqual([{ a: '1' }, { a: '1' }, { a: '1' }]);
    expect(count()).toBe(1);
  });

  it('adds its headers to those configured beside it', async () => {
    const { ask } = helper(['print', '{ "a": "new" }'], { headers: { a: 'old', b: 'old' } });
    expect(await kept(ask())).toEqual({ a: 'new', b: 'old' });
  });

  it.each([
    ['fails', ['fail'], 'ended with exit code 3'],
    ['prints no JSON', ['print', 'secret output'], 'did not print JSON'],
    ['prints a list', ['print', '["secret output"]'], 'did not print an object of strings'],
    ['prints numbers', ['print', '{ "secret output": 5 }'], 'did not print an object of strings'],
    [
      'prints a bad time to live',
      ['print', '{ "headers": {}, "ttl_ms": "soon" }'],
      "printed a 'ttl_ms' that is not a number of milliseconds",
    ],
    ['prints too much', ['flood'], 'printed more than 65536 bytes'],
  ])('rejects when the command %s', async (_name, words, reason) => {
    const error = await failureOf(helper(words).ask());
    expect(error.problems).toEqual([{ path: 'otel.x', message: `the command '${process.execPath}' ${reason}` }]);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret output');
    expect(messages).toEqual([`warn: codex-otel/config: otel.x: the command '${process.execPath}' ${reason}`]);
  });

  it('rejects when the command does not exist', async () => {
    const error = await failureOf(headersFromHelper({ command: [path.join(folder, 'gone'), 'secret output'] })());
    expect(error.message).toBe(
      `headers_helper: the command '${path.join(folder, 'gone')}' could not be started (ENOENT)`,
    );
  });

  it('rejects without the argument that Node refuses', async () => {
    const error = await failureOf(headersFromHelper({ command: ['a', 'secret\0output'] })());
    expect(error.message).toBe("headers_helper: the command 'a' could not be run");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('secret');
  });

  it('ends a command that takes too long', async () => {
    // The command would run forever.
    const error = await failureOf(helper(['hang'], { timeoutMillis: 200 }).ask());
    expect(error.message).toBe(`otel.x: the command '${process.execPath}' took longer than 200 ms`);
  });

  it('ends what the command started too, and leaves nothing behind after many time-outs', async () => {
    // All at once, each with the time that a busy machine needs to start it.
    const pidFiles = Array.from({ length: 12 }, (_, index) => path.join(folder, `grandchild-${index}.pid`));
    const asks = pidFiles.map((pidFile) => {
      const command = ['/bin/sh', '-c', `sleep 1000 & echo $! > "${pidFile}"; wait`];
      return headersFromHelper({ command, timeoutMillis: 3000 });
    });
    const warnings: string[] = [];
    const onWarning = (warning: Error) => warnings.push(warning.name);
    process.on('warning', onWarning);
    const before = { listeners: process.listenerCount('exit'), descriptors: openDescriptors() };
    await Promise.all(asks.map((ask) => failureOf(ask())));
    const pids = pidFiles.map((pidFile) => Number(readFileSync(pidFile, 'utf8')));
    for (let attempt = 0; attempt < 1000 && pids.some(isRunning); attempt += 1) await setTimeout(20);
    expect(pids.filter(isRunning)).toEqual([]);
    process.off('warning', onWarning);
    // Pipes are closed in a later turn.
    for (let attempt = 0; attempt < 1000 && openDescriptors() > before.descriptors; attempt += 1) await setTimeout(20);
    expect({ listeners: process.listenerCount('exit'), descriptors: openDescriptors() }).toEqual(before);
    expect(warnings).toEqual([]);
  });

  it('lets a failed command rest for a second, then tries again', async () => {
    let now = 0;
    const { ask, count } = helper(['fail'], {}, { now: () => now });
    await failureOf(ask());
    now = 999;
    await failureOf(ask());
    expect(count()).toBe(1);
    now = 1000;
    await failureOf(ask());
    expect(count()).toBe(2);
  });

  it('does not keep the process alive, and leaves no command behind', async () => {
    const pidFile = path.join(folder, 'hanging.pid');
    const code = `import fs from 'node:fs';
      import { headersFromHelper } from '@codex-otel/config';
      void headersFromHelper({ command: ${JSON.stringify([process.execPath, program, 'hang', pidFile])} })().catch(() => {});
      process.on('exit', () => console.log('gone'));
      const timer = setInterval(() => fs.statSync(${JSON.stringify(pidFile)}, { throwIfNoEntry: false })?.size > 0 && clearInterval(timer), 10);`;
    expect(runProgram(code)).toEqual({ stdout: 'gone\n', stderr: '' });
    const pid = Number(readFileSync(pidFile, 'utf8'));
    // The process that adopted it needs a moment to reap it.
    for (let attempt = 0; attempt < 1000 && isRunning(pid); attempt += 1) await setTimeout(20);
    expect(isRunning(pid)).toBe(false);
  });
});

describe('headersHelperOf', () => {
  it('returns what another process needs to run the same command', async () => {
    const { exporter } = await parsed(
      '[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "json"\nheaders = { X-A = "${A}" }\nheaders_helper = { command = ["get", "--secret"], ttl_ms = 5, timeout_ms = 6 }',
      { env: { A: 'a' } },
    );
    const headers = exporter.kind === 'otlp-http' ? exporter.headers : undefined;
    expect(headersHelperOf(headers)).toEqual({
      command: ['get', '--secret'],
      ttlMillis: 5,
      timeoutMillis: 6,
      headers: { 'X-A': 'a' },
    });
    const connection = await resolveOtlpConnection(exporter, 'logs', { OTEL_EXPORTER_OTLP_HEADERS: 'b=env' });
    expect(headersHelperOf(connection.headers)).toEqual({
      command: ['get', '--secret'],
      ttlMillis: 5,
      timeoutMillis: 6,
      headers: { b: 'env', 'x-a': 'a' },
    });
  });

  it('has the defaults of a command that says nothing else', async () => {
    expect(headersHelperOf(headersFromHelper({ command: ['a'] }))).toEqual({
      command: ['a'],
      ttlMillis: 300_000,
      timeoutMillis: 10_000,
      headers: {},
    });
  });

  it('is undefined for other headers', () => {
    expect(headersHelperOf(undefined)).toBeUndefined();
    expect(headersHelperOf({ a: 'b' })).toBeUndefined();
    expect(headersHelperOf(async () => ({}))).toBeUndefined();
  });

  it('shows no secret', () => {
    const shown = headersHelperOf(headersFromHelper({ command: ['get', 'secret'], headers: { a: 'secret' } }));
    expect(JSON.stringify(shown) + inspect(shown, { depth: 9, showHidden: true })).not.toContain('secret');
    expect(shown?.command).toEqual(['get', 'secret']);
  });
});

describe('headers_helper', () => {
  it('is asked through the connection, once for signals that name the same command', async () => {
    writeFileSync(runs, '');
    const words = JSON.stringify([process.execPath, program, 'print', '{ "authorization": "Bearer #" }']);
    const table = (name: string) => `[otel.${name}.otlp-grpc]\nendpoint = "http://a"\nheaders_helper = ${words}\n`;
    const settings = await parsed(table('exporter') + table('trace_exporter'), { env: process.env });
    const logs = await resolveOtlpConnection(settings.exporter, 'logs', {});
    const traces = await resolveOtlpConnection(settings.traceExporter, 'traces', {});
    expect(await kept(Promise.all([logs.headers(), traces.headers()]))).toEqual([
      { authorization: 'Bearer 1' },
      { authorization: 'Bearer 1' },
    ]);
  });

  it.each([
    ['get-token', 'get-token'],
    ['./get-token', path.join(host.codexHome, 'get-token')],
    ['bin/get-token', path.join(host.codexHome, 'bin/get-token')],
    ['~/get-token', path.join(os.homedir(), 'get-token')],
    ['/usr/bin/get-token', '/usr/bin/get-token'],
  ])('is looked up: %s at %s, never in the folder that the process runs in', async (program, found) => {
    const { exporter } = await parsed(
      `[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders_helper = ["${program}", "./a"]`,
    );
    const headers = exporter.kind === 'otlp-grpc' ? exporter.headers : undefined;
    expect(headersHelperOf(headers)?.command).toEqual([found, './a']);
  });

  it('of the whole table is asked once for all signals, and wins over headers of the file and the environment', async () => {
    const script = executable(`echo x >> '${runs}'; printf '{"Authorization":"Bearer %s"}' $(wc -l < '${runs}')`);
    writeFileSync(runs, '');
    const settings = await parsed(
      `[otel]
headers_helper = "${script}"
headers_helper_refresh_interval_ms = 60000
[otel.exporter.otlp-http]
endpoint = "http://a"
protocol = "json"
headers = { authorization = "static", x-team = "core" }
[otel.trace_exporter.otlp-grpc]
endpoint = "http://a"
[otel.metrics_exporter.statsig]
endpoint = "http://s"
api_key = "k"`,
      { env: process.env },
    );
    const env = { OTEL_EXPORTER_OTLP_HEADERS: 'authorization=env' };
    const headers = await Promise.all([
      resolveOtlpConnection(settings.exporter, 'logs', env),
      resolveOtlpConnection(settings.traceExporter, 'traces', env),
      resolveOtlpConnection(settings.metricsExporter, 'metrics', env),
    ]).then((connections) => kept(Promise.all(connections.map(async (connection) => connection.headers()))));
    expect(headers.map((one) => ({ ...one }))).toEqual([
      { authorization: 'Bearer 1', 'x-team': 'core' },
      { authorization: 'Bearer 1' },
      { 'statsig-api-key': 'k' },
    ]);
    const own = settings.exporter.kind === 'otlp-http' ? settings.exporter.headers : undefined;
    expect(headersHelperOf(own)).toMatchObject({ command: [script], ttlMillis: 60_000, headers: { 'x-team': 'core' } });
  });

  it('of the whole table is asked for exporters of the environment too, and not for those with a helper of their own', async () => {
    const env = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_ENDPOINT: 'https://me:pass@c.example' };
    const toml =
      '[otel]\nheaders_helper = "bin/all"\n[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders_helper = ["own", "arg"]';
    const { exporter, traceExporter } = await parsed(toml, { env });
    const commandOf = (one: OtelExporter) => headersHelperOf('headers' in one ? one.headers : undefined)?.command;
    expect([commandOf(exporter), commandOf(traceExporter)]).toEqual([
      ['own', 'arg'],
      [path.join(host.codexHome, 'bin/all')],
    ]);
    expect(inspect(traceExporter, { depth: 9, showHidden: true })).not.toContain('pass');
  });

  it.each([
    ['fails', 'exit 3', 'otel.headers_helper', /ended with exit code 3$/],
    ['prints a list', "echo '[]'", 'otel.headers_helper', /did not print an object of strings$/],
    [
      'gives a header that cannot be sent',
      `echo '{"x y":"secret"}'`,
      'otel.exporter.otlp-http.headers_helper',
      /^the header 'x y' is not sent: its name is not legal; without it nothing is exported$/,
    ],
  ])('that %s gives no headers at all', async (_name, what, key, message) => {
    const toml = `[otel]\nheaders_helper = "${executable(what)}"\n[otel.exporter.otlp-http]\nendpoint = "http://a"\nprotocol = "json"\nheaders = { a = "b" }`;
    const { exporter } = await parsed(toml, { env: process.env });
    const error = await failureOf(kept((await resolveOtlpConnection(exporter, 'logs', {})).headers()));
    expect(error.problems).toEqual([{ path: key, message: expect.stringMatching(message) }]);
    expect(inspect(error, { depth: 9 })).not.toContain('secret');
  });

  it('with arguments in the place of a path is not repeated with them', async () => {
    const toml =
      '[otel]\nheaders_helper = "/gone/get-token --key=secret"\n[otel.exporter.otlp-grpc]\nendpoint = "http://a"';
    const { exporter } = await parsed(toml);
    const error = await failureOf((await resolveOtlpConnection(exporter, 'logs', {})).headers());
    expect(error.message).toBe("otel.headers_helper: the command '/gone/get-token …' could not be started (ENOENT)");
  });

  it('names its key when it fails', async () => {
    const { exporter } = await parsed('[otel.exporter.otlp-grpc]\nendpoint = "http://a"\nheaders_helper = ["/gone"]');
    const { headers } = await resolveOtlpConnection(exporter, 'logs', {});
    expect((await failureOf(headers())).path).toBe('otel.exporter.otlp-grpc.headers_helper');
  });
});
