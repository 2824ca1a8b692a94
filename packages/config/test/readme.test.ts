import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'smol-toml';
import { configJsonSchema } from '../scripts/json-schema.ts';
import { runProgram } from './node-program.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
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

  it('names every key of the table', () => {
    expect(parse(block('toml'))).toHaveProperty('otel');
    const schema: { properties: { otel: { properties: object } } } = JSON.parse(JSON.stringify(configJsonSchema()));
    const unnamed = Object.keys(schema.properties.otel.properties).filter((key) => !readme.includes(`\`${key}`));
    expect(unnamed).toEqual([]);
  });
});
