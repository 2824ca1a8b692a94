import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundedOriginatorTagValue, sanitizeMetricTagValue } from '../src/index.ts';
import { validateTag } from '../src/metric-validation.ts';

describe('sanitizeMetricTagValue', () => {
  it.each([
    ['bad value!', 'bad_value'],
    ['___good/value___', 'good/value'],
    ['///', 'unspecified'],
    ['', 'unspecified'],
    ['   ', 'unspecified'],
    ['___', 'unspecified'],
    ['...', 'unspecified'],
    ['x'.repeat(300), 'x'.repeat(256)],
    ['vendor/model:free', 'vendor/model_free'],
    ['a  b', 'a__b'],
    ['Codex Desktop', 'Codex_Desktop'],
    ['a😀b', 'a_b'],
    [`${'x'.repeat(255)}__y`, `${'x'.repeat(255)}_`],
  ])('makes %j into %j', (given, wanted) => {
    expect(sanitizeMetricTagValue(given)).toBe(wanted);
  });

  it('makes any text a valid tag value', async () => {
    await fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const value = sanitizeMetricTagValue(text);

        expect(() => validateTag('k', value)).not.toThrow();
        expect(value.length).toBeLessThanOrEqual(256);
        expect(value).toMatch(/[A-Za-z0-9]/);
      }),
    );
  });

  it('takes time proportional to its input: quadratic time would take hours', () => {
    expect(sanitizeMetricTagValue(`a${' '.repeat(1_000_000)}b`)).toBe(`a${'_'.repeat(255)}`);
  });
});

describe('boundedOriginatorTagValue', () => {
  it.each([
    'codex_desktop',
    'codex-app-server',
    'codex_mcp_server',
    'codex_cli_rs',
    'codex-tui',
    'codex_vscode',
    'none',
    'codex_exec',
    'codex-cli',
    'codex_sdk_ts',
    'codex-app-server-sdk',
  ])('keeps %s', (originator) => {
    expect(boundedOriginatorTagValue(originator)).toBe(originator);
  });

  it.each(['someone-else', 'Codex Desktop', 'CODEX_EXEC', ''])('makes %j other', (originator) => {
    expect(boundedOriginatorTagValue(originator)).toBe('other');
  });
});
