// `npm run packages`: packs the packages, installs and uses them as their users do, and writes docs/packages.md.
// `--short` leaves out the variants that differ least from others; CI runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromiumPath } from '@codex-otel/testing/chromium';
import { run } from './commands.ts';
import type { Install, PackageManager } from './consumer.ts';
import { addPrograms, installedIn, managers, newConsumer } from './consumer.ts';
import { installs, packedKilobytes, pageBytes } from './limits.ts';
import type { PackedPackage } from './packed.ts';
import { packAll } from './packed.ts';
import { gzipBytes, pageBundlers, runInChromium } from './page-bundles.ts';
import type { Report } from './report.ts';
import { writeReport } from './report.ts';
import { lowestForPages, nodeBin, nodes, runSession } from './runtimes.ts';
import { checkTarball } from './tarball-checks.ts';
import type { TypeScriptVersion } from './typescripts.ts';
import { compile, resolutions, typescripts } from './typescripts.ts';

const isShort = process.argv.includes('--short');
const API = '@opentelemetry/api';
const failures: string[] = [];
const folder = await mkdtemp(path.join(tmpdir(), 'codex-otel-packages-'));
const place = (name: string): string => path.join(folder, name.replaceAll(/\W/g, '-'));

/** Prints progress, and notes failures. */
async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const before = failures.length;
  const result = await work();
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${failures.length === before ? '✓' : '✗'} ${title} (${seconds} s)`);
  return result;
}

function expectAtMost(what: string, value: number, limit: number | undefined): void {
  if (limit === undefined || value > limit) failures.push(`${what}: ${value}, at most ${limit} is allowed`);
}

function expectQuiet(what: string, { code, output, warnings }: Install): void {
  if (code !== 0) failures.push(`${what} ended with exit code ${code}:\n${output}`);
  else if (warnings.length > 0) failures.push(`${what} warned:\n${warnings.join('\n')}`);
}

async function consumer(manager: PackageManager, name: string, wanted: readonly string[]): Promise<string> {
  const made = await newConsumer(place(`${manager} ${name}`), manager, [...wanted, API], packed);
  expectQuiet(`${manager}: installing ${wanted.join(' ')}`, made);
  return made.folder;
}

/** Versions of OpenTelemetry's packages of which an install has more than one. */
function doubled(packages: readonly { readonly name: string; readonly version: string }[]): readonly string[] {
  const names = packages.map(({ name }) => name).filter((name) => name.startsWith('@opentelemetry/'));
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

const packed: readonly PackedPackage[] = await step('pack', () => packAll(folder));
const report: Report = { packed, installs: {}, pages: {} };
for (const { name, bytes } of packed) {
  expectAtMost(`${name}: packed kilobytes`, Math.ceil(bytes / 1000), packedKilobytes[name]);
}

await step('publint and attw', async () => {
  for (const each of packed) failures.push(...(await checkTarball(each)));
});

for (const [name, { install, packages, megabytes }] of Object.entries(installs)) {
  await step(`npm: ${name}`, async () => {
    const installed = await installedIn(await consumer('npm', name, install));
    const others = installed.packages.filter((each) => each.name !== API);
    report.installs[name] = { packages: others.length, megabytes: installed.bytes / 1e6 };
    expectAtMost(`${name}: packages`, others.length, packages);
    expectAtMost(`${name}: megabytes`, installed.bytes / 1e6, megabytes);
    const twice = doubled(installed.packages);
    if (twice.length > 0) failures.push(`${name}: more than one copy of ${twice.join(', ')}`);
  });
}

for (const manager of managers.filter((each) => each !== 'npm')) {
  for (const [name, { install }] of Object.entries(installs)) {
    if (isShort && name !== 'all of it') continue;
    await step(`${manager}: ${name}`, () => consumer(manager, name, install));
  }
}

if (!isShort) {
  await step('npm: trace-context beside @vercel/otel and an SDK 2.x', async () => {
    const theirs = ['@vercel/otel@2', '@opentelemetry/sdk-trace-base@2', '@opentelemetry/api@1.9'];
    const made = await newConsumer(place('vercel'), 'npm', ['@codex-otel/trace-context', ...theirs], packed);
    if (made.code !== 0) failures.push(made.output);
  });
}

const everything = await step('npm: a TypeScript consumer of all packages', async () => {
  const made = await consumer('npm', 'consumer', [...packed.map(({ name }) => name), '@types/node@22']);
  await addPrograms(made);
  return made;
});

await step('TypeScript', async () => {
  const versions: readonly TypeScriptVersion[] = isShort ? ['5.4', '7'] : typescripts;
  for (const version of versions) {
    for (const resolution of isShort && version !== '7' ? (['nodenext'] as const) : resolutions) {
      const said = await compile(everything, version, resolution, ['consumer.mts', 'consumer.cts']);
      if (said !== '') failures.push(said);
    }
  }
});

if (!isShort) {
  await step('TypeScript: the subpaths, beside NodeSDK', async () => {
    const wanted = ['@codex-otel/config', '@codex-otel/provider', '@opentelemetry/sdk-node', '@types/node@22'];
    // NodeSDK's own packages have an install script, of which npm warns.
    const { code, output, folder: made } = await newConsumer(place('node-sdk'), 'npm', [...wanted, API], packed);
    if (code !== 0) failures.push(output);
    await addPrograms(made);
    for (const resolution of resolutions) {
      const said = await compile(made, '7', resolution, ['node-sdk.mts']);
      if (said !== '') failures.push(said);
    }
  });
}

for (const version of isShort ? [process.version.slice(1)] : nodes) {
  await step(`Node ${version}: ES modules and CommonJS`, async () => {
    const bin = isShort ? undefined : await nodeBin(folder, version);
    for (const program of ['session.mjs', 'session.cjs']) {
      const wrong = await runSession(everything, program, bin);
      if (wrong !== '') failures.push(`Node ${version}: ${wrong}`);
    }
  });
}
if (!isShort) {
  await step(`Node ${lowestForPages}: trace-context and token-usage`, async () => {
    const bin = await nodeBin(folder, lowestForPages);
    const { output } = await run('node', ['small.mjs'], { cwd: everything, bin });
    if (output !== '8 32\n') failures.push(`Node ${lowestForPages}: small.mjs printed ${output}`);
  });
}

const scripts: string[] = [];
for (const [bundler, bundle] of Object.entries(pageBundlers)) {
  await step(`pages by ${bundler}`, async () => {
    for (const entry of Object.keys(pageBytes)) {
      const script = path.join(everything, `${bundler}-${entry}`);
      await bundle(path.join(everything, entry), script);
      const bytes = await gzipBytes(script);
      report.pages[entry] = { ...report.pages[entry], [bundler]: bytes };
      expectAtMost(`${entry} by ${bundler}: bytes`, bytes, pageBytes[entry]);
      scripts.push(script);
    }
  });
}
const browser = chromiumPath();
if (browser === undefined) console.log('- the pages did not run: there is no Chromium here');
else {
  await step('the pages in Chromium', async () => {
    const results = await runInChromium(browser, scripts);
    results.forEach((result, at) => {
      if (JSON.stringify(result) !== '[true,8]') failures.push(`${scripts[at]}: ${JSON.stringify(result)}`);
    });
  });
}

await rm(folder, { recursive: true });
for (const failure of failures) console.error(`\n${failure}`);
if (failures.length > 0) process.exitCode = 1;
else if (!isShort) await writeReport(report);
