import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadOtelSettings } from '@codex-otel/config';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runProgram } from './node-program.ts';
import { emptySettings } from './parsed.ts';

let codexHome: string;
const host = { serviceName: 'agent', serviceVersion: '1.2.3', env: {} };

beforeEach(() => {
  codexHome = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-home-'));
});
afterEach(() => rmSync(codexHome, { recursive: true }));

const write = (text: string | Uint8Array) => writeFileSync(path.join(codexHome, 'config.toml'), text);

describe('loadOtelSettings', () => {
  it('has everything off without a file', async () => {
    expect(await loadOtelSettings({ ...host, codexHome })).toEqual({ ...emptySettings, codexHome });
    const gone = path.join(codexHome, 'gone');
    expect(await loadOtelSettings({ ...host, codexHome: gone })).toEqual({ ...emptySettings, codexHome: gone });
  });

  it('reads config.toml', async () => {
    write('[otel]\nenvironment = "prod"\nexporter = "console"');
    expect(await loadOtelSettings({ ...host, codexHome })).toEqual({
      ...emptySettings,
      codexHome,
      environment: 'prod',
      exporter: { kind: 'console' },
    });
  });

  it('finds the table however its name is written', async () => {
    write('["\\u006ftel"]\nenvironment = "prod"');
    expect(await loadOtelSettings({ ...host, codexHome })).toMatchObject({ environment: 'prod' });
  });

  it('finds the folder in CODEX_HOME', async () => {
    write('[otel]\nenvironment = "prod"');
    const settings = await loadOtelSettings({ ...host, env: { CODEX_HOME: codexHome } });
    expect(settings).toMatchObject({ environment: 'prod', codexHome });
  });

  it("uses .codex in the user's home by default", async () => {
    expect((await loadOtelSettings(host)).codexHome).toBe(path.join(os.homedir(), '.codex'));
  });

  it('takes settings from the environment, requirements and overrides without a file', async () => {
    const settings = await loadOtelSettings({
      ...host,
      codexHome,
      env: { OTEL_RESOURCE_ATTRIBUTES: 'team=core' },
      managed: '[otel]\nlog_user_prompt = true',
      overrides: ['otel.environment=prod'],
    });
    expect(settings).toEqual({
      ...emptySettings,
      codexHome,
      resourceAttributes: { team: 'core' },
      logUserPrompts: true,
      environment: 'prod',
    });
  });

  it('lets analytics in the file decide about required metrics', async () => {
    write('[analytics]\nenabled = false');
    const managed = '[otel]\nmetrics_exporter = "statsig"';
    expect((await loadOtelSettings({ ...host, codexHome, managed })).metricsExporter).toEqual({ kind: 'none' });
  });

  it.each(['[OTEL]', '[opentelemetry]', 'exporter = "console"'])('warns about a file with only %s', async (text) => {
    write(text);
    const heard: string[] = [];
    await loadOtelSettings({ ...host, codexHome, onWarning: ({ path: key }) => heard.push(key) });
    expect(heard).toHaveLength(1);
  });

  it('accepts a large file about other things', async () => {
    write(`# ${'x'.repeat(1_000_000)}`);
    expect(await loadOtelSettings({ ...host, codexHome })).toEqual({ ...emptySettings, codexHome });
  });

  it.each([
    ['a folder', () => mkdirSync(path.join(codexHome, 'config.toml')), 'is not a file'],
    ['a huge file', () => write(new Uint8Array(5_000_000)), "config.toml' is larger than 4194304 bytes; remove what"],
    ['broken TOML', () => write('[otel'), "config.toml' is not valid TOML: "],
    [
      'a huge table',
      () => write(`[otel.span_attributes]\na = "${'x'.repeat(131_072)}"`),
      "config.toml' is longer than 131072 characters; shorten it",
    ],
    ['a bad setting', () => write('[otel]\nexporter = 5'), 'found 5'],
  ])('refuses %s', async (_name, make, message) => {
    make();
    await expect(loadOtelSettings({ ...host, codexHome })).rejects.toMatchObject({
      code: 'INVALID_OTEL_CONFIG',
      message: expect.stringContaining(message),
    });
  });

  it('loads neither parser nor schema if there is nothing to parse', () => {
    write('model = "x"\n[mcp_servers.a]\ncommand = "b"');
    const code = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      const { loadOtelSettings } = await import('@codex-otel/config');
      await loadOtelSettings({ codexHome: ${JSON.stringify(codexHome)}, serviceName: 'a', serviceVersion: '1', env: {} });
      console.log(loaded.filter((url) => /valibot|smol-toml|opentelemetry|node:crypto|node:child_process/.test(url)).length, loaded.length > 5);`;
    expect(runProgram(code)).toEqual({ stdout: '0 true\n', stderr: '' });
  });

  it.each<[string, () => string, string]>([
    [
      'a directory in place of the file',
      () => {
        mkdirSync(path.join(codexHome, 'config.toml'));
        return codexHome;
      },
      "'FILE' is not a file",
    ],
    [
      'a file in place of the folder',
      () => {
        write('');
        return path.join(codexHome, 'config.toml');
      },
      "cannot read 'FILE': ENOTDIR",
    ],
    [
      'a file of more than 4 MiB',
      () => {
        write('x'.repeat(4_194_305));
        return codexHome;
      },
      "'FILE' is larger than 4194304 bytes; remove what is not needed in it",
    ],
  ])('refuses %s', async (_what, make, message) => {
    const folder = make();
    const file = path.join(folder, 'config.toml');
    const error: unknown = await loadOtelSettings({ ...host, codexHome: folder }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ problems: [{ path: 'otel', message: message.replace('FILE', file) }] });
    if (message.startsWith('cannot')) expect(error).toMatchObject({ cause: { code: 'ENOTDIR' } });
  });

  it('reads a file of 4 MiB', async () => {
    write('x'.repeat(4_194_304));
    expect(await loadOtelSettings({ ...host, codexHome })).toEqual({ ...emptySettings, codexHome });
  });

  it('refuses a folder that is not a path', async () => {
    await expect(loadOtelSettings({ ...host, codexHome: 5 as unknown as string })).rejects.toMatchObject({
      problems: [{ path: 'otel', message: 'the configuration folder is not a path' }],
    });
  });
});
