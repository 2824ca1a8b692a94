import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseOtelConfig } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folders = ['docs', 'docs/backends', 'docs/guides', 'dashboards', 'deploy'];
const pages = folders.flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => ({ name: `${folder}/${name}`, text: readFileSync(path.join(root, folder, name), 'utf8') })),
);
const blocks = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/```toml\n(.*?)```/gs)].map(([, toml = ''], index) => ({ name: `${name} ${index + 1}`, toml })),
);

describe('the [otel] blocks of the documents', () => {
  it('are there', () => {
    expect(blocks.length).toBeGreaterThan(15);
  });

  it.each(blocks.map(({ name, toml }) => [name, toml] as const))('work as they stand: %s', async (_name, toml) => {
    const variables = [...toml.matchAll(/\$\{(\w+)\}/g)].map(([, variable = '']) => [variable, 'a-key'] as const);
    const warnings: string[] = [];
    const settings = await parseOtelConfig(toml, {
      codexHome: '/home/user/.codex',
      env: Object.fromEntries(variables),
      serviceName: 'my-agent',
      serviceVersion: '1.0.0',
      onWarning: ({ message }) => warnings.push(message),
    });
    expect(warnings).toEqual([]);
    const { exporter, traceExporter, metricsExporter } = settings;
    expect([exporter, traceExporter, metricsExporter].some(({ kind }) => kind !== 'none')).toBe(true);
  });
});

describe('the pages of back ends', () => {
  const own = pages.filter(({ name }) => name.startsWith('docs/backends/') && !name.endsWith('README.md'));

  it.each(own.map(({ name, text }) => [name, text] as const))('have one shape: %s', (_name, text) => {
    const rows = [...text.matchAll(/^\| ([A-Za-z].*?) +\| \S/gm)].map(([, row = '']) => row);
    const wanted = ['takes', 'endpoint', 'protocol', 'headers', 'temporality', 'GenAI names', 'tested'];
    expect(rows.slice(0, wanted.length)).toEqual(wanted);
    expect(text).toContain('```toml\n[otel');
    expect(text).toContain('\nWhat you see: ');
    expect(text).toMatch(/^\| tested +\| (?:\d{4}-\d\d-\d\d with \d|not tested)/m);
  });

  it('are all in the overview', () => {
    const overview = pages.find(({ name }) => name === 'docs/backends/README.md')?.text ?? '';
    for (const { name } of own) expect(overview).toContain(`(${path.basename(name)})`);
  });
});

describe('the links of the documents', () => {
  it.each(pages.map(({ name, text }) => [name, text] as const))('lead somewhere: %s', (name, text) => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(path.join(root, path.dirname(name), link)))).toEqual([]);
  });
});
