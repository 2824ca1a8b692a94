import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'smol-toml';
import { configJsonSchema } from '../scripts/json-schema.ts';
import { runProgram } from './node-program.ts';
import { parsed } from './parsed.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const settingsPage = readFileSync(new URL('../../../docs/settings.md', import.meta.url), 'utf8');
const block = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(readme)?.[1] ?? '';

let codexHome: string;
beforeAll(() => {
  codexHome = mkdtempSync(path.join(os.tmpdir(), 'codex-otel-readme-'));
  writeFileSync(path.join(codexHome, 'config.toml'), block('toml'));
});
afterAll(() => rmSync(codexHome, { recursive: true }));

describe('README', () => {
  it('has a program that prints what it says', () => {
    const [, expected] = /it prints `([^`]+)`/.exec(readme) ?? [];
    const env = { CODEX_HOME: codexHome, COLLECTOR_TOKEN: 'secret' };
    expect(runProgram(block('ts'), env)).toEqual({ stdout: `${expected}\n`, stderr: '' });
  });

  it('has a file for both programs: all three signals, no key of ours, whole paths', async () => {
    const [, table = ''] = /same way by both:\n\n```toml\n(.*?)```/s.exec(readme) ?? [];
    const settings = await parsed(table);
    const urls = [settings.exporter, settings.traceExporter, settings.metricsExporter].map((exporter) =>
      exporter.kind === 'otlp-http' ? exporter.endpoint : undefined,
    );
    expect(urls).toEqual(['logs', 'traces', 'metrics'].map((signal) => `https://collector.example/v1/${signal}`));
    expect(settings).toMatchObject({ environment: 'prod', logSseDeltas: false });
    expect(table).not.toMatch(/console|statsig|compression|\$\{/);
  });

  it('has a page that names every key of the table', () => {
    expect(parse(block('toml'))).toHaveProperty('otel');
    const schema: { properties: { otel: { properties: object } } } = JSON.parse(JSON.stringify(configJsonSchema()));
    const unnamed = Object.keys(schema.properties.otel.properties).filter((key) => !settingsPage.includes(`\`${key}`));
    expect(unnamed).toEqual([]);
  });
});
