import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { eventDefinitions } from '../scripts/event-catalog.ts';
import { withEventTables } from '../scripts/event-tables.ts';
import { SessionTelemetry } from '../src/index.ts';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${folder}/README.md`, 'utf8');

describe('README', () => {
  it('shows a program that runs', () => {
    const [, program = ''] = /```js\n(.*?)```/s.exec(readme) ?? [];
    const flags = [
      '--experimental-strip-types',
      '--conditions=@codex-otel/source',
      '--input-type=module',
      '--no-warnings',
    ];
    const output = execFileSync(process.execPath, [...flags, '--eval', program], { cwd: folder, encoding: 'utf8' });
    expect(output.trim().split('\n')).toEqual([
      'response.created',
      'response.completed',
      'codex.user_prompt',
      'codex.sse_event',
      'codex.sse_event',
      'codex.sse_event',
      'codex.tool_result',
    ]);
  });

  it('has the tables of the definitions that the code uses; `pnpm run readme` writes them', () => {
    // Formatters align tables; that is no difference.
    const bare = (text: string): string => text.replace(/ +/g, ' ').replace(/-{3,}/g, '---');
    expect(bare(readme)).toBe(bare(withEventTables(readme)));
  });

  it.each(eventDefinitions.flatMap(({ name, method }) => method.split(', ').map((entry) => [name, entry] as const)))(
    'names a method that there is for %s: %s',
    (_name, method) => {
      if (!method.includes('.')) expect(typeof Reflect.get(SessionTelemetry.prototype, method)).toBe('function');
    },
  );
});
