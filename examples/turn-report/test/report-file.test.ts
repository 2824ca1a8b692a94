import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseOtlp } from '../src/model/otlp-json.ts';
import { joinTelemetry } from '../src/model/telemetry.ts';
import { loadPageBundle } from '../src/page-bundle.ts';
import { embeddedJson } from '../src/page-html.ts';
import { writeReport } from '../src/report-file.ts';
import { readSavedTelemetry } from '../src/saved-telemetry.ts';
import { withoutContent } from '../src/without-content.ts';
import { logsRequest, tracesRequest, turnSpans } from './otlp.ts';

const MAX_GZIP_BYTES = 300 * 1024;
const telemetry = joinTelemetry([
  parseOtlp(tracesRequest(turnSpans())),
  parseOtlp(
    logsRequest([
      {
        name: 'codex.user_prompt',
        trace: 1,
        attributes: { prompt: 'SECRET prompt', prompt_length: '13', 'user.email': 'SECRET@me' },
      },
      {
        name: 'codex.tool_result',
        trace: 1,
        attributes: { arguments: 'SECRET', output: '42', success: 'true', call_id: 'call-1', tool_name: 'shell' },
      },
    ]),
  ),
]);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'turn-report-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeReport', () => {
  it('writes a file that only its owner may read, even over one that all may read', async () => {
    const file = path.join(folder, 'report.html');
    await writeFile(file, 'x'.repeat(5_000_000));
    await chmod(file, 0o644);
    await writeReport(file, telemetry, { content: false });
    const { mode, size } = await stat(file);
    expect(mode & 0o777).toBe(0o600);
    expect(size).toBeLessThan(1_000_000);
  });

  it('leaves content out unless it is asked for', async () => {
    const file = path.join(folder, 'report.html');
    await writeReport(file, telemetry, { content: false });
    expect(await readFile(file, 'utf8')).not.toContain('SECRET');
    await writeReport(file, telemetry, { content: true });
    expect(await readFile(file, 'utf8')).toContain('SECRET prompt');
  });

  it('loads nothing, and forbids loading', async () => {
    const file = path.join(folder, 'report.html');
    await writeReport(file, telemetry, { content: true });
    const html = await readFile(file, 'utf8');
    expect(html).toMatch(/content-security-policy" content="default-src 'none'[^"]*script-src 'sha256-[^"]*"/);
    expect(html.replace(/<script type="application\/json"[\s\S]*?<\/script>/, '')).not.toMatch(
      /<(?:script|link|img)[^>]*(?:src|href)="(?!data:)/,
    );
  });
});

describe('withoutContent', () => {
  it('keeps what the page needs: ids, outcomes and numbers', () => {
    const kept = withoutContent(telemetry);
    expect(kept.spans.map(({ name, attributes }) => [name, attributes['turn.id']])).toContainEqual([
      'session_task.turn',
      'turn-1',
    ]);
    expect(kept.logs.map(({ attributes }) => attributes)).toEqual([
      { 'event.name': 'codex.user_prompt', prompt_length: '13' },
      { 'event.name': 'codex.tool_result', success: 'true', call_id: 'call-1', tool_name: 'shell' },
    ]);
  });

  it('lets no text pass under a key that it does not know', () => {
    const key = fc.string().filter((name) => name !== 'event.name' && name !== '__proto__');
    const given = fc.dictionary(key, fc.constantFrom('SECRET', 'SECRET 42'));
    fc.assert(
      fc.property(given, (attributes) => {
        const record = {
          name: 'any',
          timeMillis: 1,
          severity: '',
          body: 'SECRET',
          attributes: { ...attributes, custom: 'SECRET' },
        };
        const [kept] = withoutContent({ spans: [], logs: [record], metricPoints: 0, unusable: 0 }).logs;
        expect(kept?.attributes.custom).toBeUndefined();
        expect(kept?.body).toBe('');
      }),
    );
  });
});

describe('embeddedJson', () => {
  it('cannot end an element or a line, and keeps its value', () => {
    const parts = ['</script>', '<!--', '<script', ']]>', '&', '\u2028', '\u2029', '"', 'a', '\u202e'];
    const text = (...all: readonly string[]) => fc.array(fc.constantFrom(...all)).map((some) => some.join(''));
    // No backslash in a key: after `{"\\":1}`, V8's JSON.parse reads the key of `{"\u0026":1}` as a backslash too.
    fc.assert(
      fc.property(fc.dictionary(text(...parts), text(...parts, '\\')), (value) => {
        const json = embeddedJson(value);
        expect(json).not.toMatch(/[<>&\u2028\u2029]/);
        expect(Object.entries(JSON.parse(json))).toEqual(Object.entries(value));
      }),
    );
  });
});

describe('the bundle', () => {
  it('is small', async () => {
    const { script, style } = await loadPageBundle();
    expect(gzipSync(script + style).length).toBeLessThan(MAX_GZIP_BYTES);
  });
});

describe('readSavedTelemetry', () => {
  it('reads a file, and the files of a folder', async () => {
    const lines = [tracesRequest(turnSpans()), logsRequest([{ name: 'a' }])].map((request) => JSON.stringify(request));
    await writeFile(path.join(folder, 'lines.jsonl'), lines.join('\n'));
    await writeFile(path.join(folder, 'one.json'), lines[1] ?? '');
    await writeFile(path.join(folder, 'notes.txt'), 'not read');
    const count = async (target: string) => {
      const { spans, logs } = joinTelemetry(await readSavedTelemetry(target));
      return [spans.length, logs.length];
    };
    expect(await count(path.join(folder, 'lines.jsonl'))).toEqual([10, 1]);
    expect(await count(folder)).toEqual([10, 2]);
  });

  it('names the file that is wrong', async () => {
    await writeFile(path.join(folder, 'bad.json'), '{\n{');
    await expect(readSavedTelemetry(folder)).rejects.toThrow(/bad\.json: line 1 is not JSON/);
    await expect(readSavedTelemetry(path.join(folder, 'none'))).rejects.toThrow('there is no file or folder');
    await rm(path.join(folder, 'bad.json'));
    await expect(readSavedTelemetry(folder)).rejects.toThrow('there are no .json or .jsonl files');
  });
});
