import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { OtlpCollector } from '@codex-otel/otlp-collector';
import { startOtlpCollector } from '@codex-otel/otlp-collector';
import { createTestCertificates } from '@codex-otel/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { checkCommand } from '../../src/check/check-command.ts';
import type { ConnectionCheck } from '../../src/check/check-connections.ts';
import type { LoopbackProxy } from '../transport/loopback-proxy.ts';
import { startLoopbackProxy } from '../transport/loopback-proxy.ts';
import { startRefusingServer } from './refusing-server.ts';

interface Outcome {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

let home: string;
let collector: OtlpCollector;

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'codex-otel-check-'));
  collector = await startOtlpCollector();
});
afterEach(async () => {
  await collector.close();
  await rm(home, { recursive: true });
});

/** Runs the command on a file. */
async function check(
  toml: string,
  { args = [], env = {} }: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> {
  await writeFile(path.join(home, 'config.toml'), toml);
  let [out, err] = ['', ''];
  const exitCode = await checkCommand(['check', ...args], {
    env: { CODEX_HOME: home, ...env },
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { exitCode, out, err };
}

async function checksOf(toml: string, env: Readonly<Record<string, string>> = {}): Promise<readonly ConnectionCheck[]> {
  const { out } = await check(toml, { args: ['--json'], env });
  return JSON.parse(out).checks;
}

function table(exporter: string): string {
  return `[otel]\ntrace_exporter = ${exporter}\nexporter = ${exporter}\nmetrics_exporter = ${exporter}\n`;
}

const http = (endpoint: string, more = '') =>
  `{ otlp-http = { endpoint = "${endpoint}", protocol = "binary"${more} } }`;

describe('codex-otel check', () => {
  it.each(['binary', 'json', 'grpc'])('reports that everything arrived, over %s', async (protocol) => {
    const exporter =
      protocol === 'grpc'
        ? `{ otlp-grpc = { endpoint = "${collector.grpcUrl}" } }`
        : `{ otlp-http = { endpoint = "${collector.httpUrl}", protocol = "${protocol}" } }`;
    const { exitCode, out, err } = await check(table(exporter));
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out.match(/^(?:traces|logs|metrics) +arrived$/gm)).toHaveLength(3);
    expect(out).not.toMatch(/^ {2}(?:why|do) /m);
  });

  it('sends one item of its own scope, and no data point, session or content', async () => {
    await check(table(http(collector.httpUrl)));
    expect(collector.spans().map(({ name, scope, attributes }) => [name, scope.name, attributes])).toEqual([
      ['codex_otel.check', 'codex_otel.check', {}],
    ]);
    expect(collector.logRecords().map(({ scope, attributes, body }) => [scope.name, attributes, body])).toEqual([
      ['codex_otel.check', { 'event.name': 'codex_otel.check' }, undefined],
    ]);
    expect(collector.metrics().map(({ name, points }) => [name, points])).toEqual([['codex_otel.check', []]]);
    expect(collector.requests()).toHaveLength(3);
  });

  it('says where each value comes from: file, variable or nowhere', async () => {
    const toml = `[otel]\ntrace_exporter = ${http(collector.httpUrl, ', headers = { X-Own = "SECRET" }, compression = "gzip"')}\ntemporality = "cumulative"\n`;
    const checks = await checksOf(toml, {
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${collector.httpUrl}/v1/metrics`,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20SECRET,SECRET==',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    const shown = checks.map(({ outcome, configured }) => [
      outcome,
      configured.map(({ name, value, from }) => [name, value.replace(collector.httpUrl, 'HERE'), from]),
    ]);
    const [traces, metrics] = ['otel.trace_exporter', 'OTEL_EXPORTER_OTLP'];
    expect(shown).toEqual([
      [
        'arrived',
        [
          ['exporter', 'otlp-http', traces],
          ['endpoint', 'HERE/', `${traces}.otlp-http.endpoint`],
          ['protocol', 'http/protobuf', `${traces}.otlp-http.protocol`],
          ['headers', 'X-Own', `${traces}.otlp-http.headers`],
          ['headers', 'authorization', `${metrics}_HEADERS`],
          ['compression', 'gzip', `${traces}.otlp-http.compression`],
        ],
      ],
      ['off', [['exporter', 'none', 'default']]],
      [
        'arrived',
        [
          ['exporter', 'otlp-http', 'OTEL_METRICS_EXPORTER'],
          ['endpoint', 'HERE/v1/metrics', `${metrics}_METRICS_ENDPOINT`],
          ['protocol', 'http/json', `${metrics}_PROTOCOL`],
          ['headers', 'authorization', `${metrics}_HEADERS`],
          ['compression', 'none', 'default'],
          ['temporality', 'cumulative', 'otel.temporality'],
        ],
      ],
    ]);
    expect(JSON.stringify(checks)).not.toContain('SECRET');
  });

  it('shows no password, key, header or query in any failure', async () => {
    const endpoint = `http://me:SECRET@127.0.0.1:1/SECRETLESS?key=SECRET`;
    const { exitCode, out, err } = await check(table(http(endpoint, ', headers = { x-key = "SECRET-2" }')));
    expect(exitCode).toBe(1);
    expect(out.replaceAll('SECRETLESS', '') + err).not.toContain('SECRET');
  });

  it.each([
    ['nothing is configured', '', /^traces +off\n +do +to switch it on, write trace_exporter = /m],
    ['a key is misspelt', '[otel]\ntrace_exporter = "otlp"', /otel\.trace_exporter: /],
    ['the file is not TOML', '[otel', /config\.toml/],
  ])('says so and ends with 1 if %s', async (_reason, toml, message) => {
    const { exitCode, out, err } = await check(toml);
    expect(exitCode).toBe(1);
    expect(out + err).toMatch(message);
  });

  it('accepts the console, and signals that are off on purpose', async () => {
    const { exitCode, out } = await check('[otel]\ntrace_exporter = "console"\n');
    expect(exitCode).toBe(0);
    expect(out).not.toMatch(/^ {2}do /m);
  });

  it.each([[[]], [['check', 'twice']], [['check', '--nope']], [['check', '--timeout', 'soon']]])(
    'refuses %j with 2',
    async (args) => {
      let err = '';
      const sink = {
        env: {},
        out: () => {},
        err: (text: string) => {
          err += text;
        },
      };
      expect(await checkCommand(args, sink)).toBe(2);
      expect(err).toContain('usage: codex-otel check');
    },
  );

  it('explains itself', async () => {
    const { exitCode, out } = await check('', { args: ['--help'] });
    expect(exitCode).toBe(0);
    expect(out).toContain('codex_otel.check');
  });
});

describe('what the check says', () => {
  let proxy: LoopbackProxy;
  let secured: OtlpCollector;
  let refusing: Awaited<ReturnType<typeof startRefusingServer>>;
  let said: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const certificates = await createTestCertificates();
    proxy = await startLoopbackProxy();
    proxy.refuseWith(403);
    secured = await startOtlpCollector({ tls: { ...certificates.server } });
    refusing = await startRefusingServer();
    const page = await readFile(new URL('../../../../docs/guides/nothing-arrives.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| ([^|]+?) +\| `(.*?)` +\| (.+?) +\|$/gm)];
    said = new Map(rows.map(([, situation = '', why = '', advice = '']) => [situation, `${why} → ${advice}`]));
  });
  afterAll(() => Promise.all([proxy.close(), secured.close(), refusing.close()]));

  /** What the guide's table says, compared with what the command says. */
  async function expectSaid(
    situation: string,
    toml: string,
    env: Readonly<Record<string, string>> = {},
    signal: ConnectionCheck['signal'] = 'traces',
  ): Promise<void> {
    const { out } = await check(toml, { args: ['--json', '--timeout', '1000'], env });
    const { checks }: { checks: readonly ConnectionCheck[] } = JSON.parse(out);
    const { reason = '', advice = '' } = checks.find((one) => one.signal === signal) ?? {};
    const shown = `${reason} → ${advice}`
      .replaceAll(home, '~')
      // What differs by the version of Node and its OpenSSL.
      .replace(/(write EPROTO) .*(wrong version number):\S+:/, '$1 … $2')
      .replace(/(unable to verify the first certificate);[^(]*/, '$1 ')
      .replace(/(Parse Error): [^(]*/, '$1 ')
      .replace(/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT');
    expect({ situation, said: shown.replaceAll('|', '\\|') }).toEqual({ situation, said: said.get(situation) });
  }

  it('of a wrong port', () => expectSaid('wrong port', table(http('http://127.0.0.1:1'))));

  it('of another protocol: HTTP to a gRPC port', () =>
    expectSaid('HTTP to a gRPC port', table(http(collector.grpcUrl))));

  it('of another protocol: gRPC to an HTTP port', () =>
    expectSaid('gRPC to an HTTP port', table(`{ otlp-grpc = { endpoint = "${collector.httpUrl}" } }`)));

  it('of a wrong path', () => expectSaid('wrong path', table(http(`${collector.httpUrl}/otlp`))));

  it("of another signal's path", () => expectSaid("another signal's path", table(http(`${refusing.url}/v1/logs`))));

  it('of a token that is missing', async () => {
    await collector.behave({ kind: 'status', code: 401 });
    await expectSaid('no token', table(http(collector.httpUrl)));
  });

  it('of a token that is wrong', async () => {
    await collector.behave({ kind: 'status', code: 401 });
    await expectSaid('wrong token', table(http(collector.httpUrl, ', headers = { authorization = "Bearer x" }')));
  });

  it('of an unknown CA', () => expectSaid('unknown CA', table(http(secured.httpUrl))));

  it('of plain text to TLS', () =>
    expectSaid('plain text to a TLS port', table(http(secured.httpUrl.replace('https', 'http')))));

  it('of TLS to plain text', () =>
    expectSaid('TLS to a plain port', table(http(collector.httpUrl.replace('http', 'https')))));

  it('of a back end for traces', () => expectSaid('a back end for traces only', table(http(refusing.url)), {}, 'logs'));

  it('of a Prometheus without delta', () =>
    expectSaid(
      'Prometheus without delta',
      `[otel]\nmetrics_exporter = ${http(`${refusing.url}/api/v1/otlp/v1/metrics`)}\n`,
      {},
      'metrics',
    ));

  it('of a helper that fails', async () => {
    const helper = path.join(home, 'token.sh');
    await writeFile(helper, '#!/bin/sh\nexit 3\n');
    await chmod(helper, 0o700);
    await expectSaid(
      'a helper that fails',
      `[otel]\nheaders_helper = "${helper}"\ntrace_exporter = ${http(collector.httpUrl)}\n`,
    );
  });

  it('of a proxy that refuses', () =>
    expectSaid('a proxy that refuses', table(http('https://collector.example')), { HTTPS_PROXY: proxy.url }));

  it('of a collector that does not answer', async () => {
    await collector.behave({ kind: 'hang' });
    await expectSaid('no answer', table(http(collector.httpUrl)));
  });
});
