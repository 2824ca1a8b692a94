import { afterEach, describe, expect, it } from '@jest/globals';
import { recordProcessStart } from '../src/index.ts';
import { processState } from '../src/process-state.ts';
import { inMemoryClient, metricNamed, numberPoints } from './in-memory-client.ts';

afterEach(() => {
  processState().processStartRecorded = undefined;
});

describe('recordProcessStart', () => {
  it('counts once in a process, with the bounded originator and no other tag', async () => {
    const { client, exporter } = await inMemoryClient();

    expect(recordProcessStart(client, 'codex_exec')).toBe(true);
    expect(recordProcessStart(client, 'someone-else')).toBe(false);
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'codex.process.start'))).toEqual([
      { value: 1, attributes: { originator: 'codex_exec' } },
    ]);
  });

  it('leaves it to the next call when one fails', async () => {
    const { client, exporter } = await inMemoryClient();
    const failing = {
      counter() {
        throw new Error('away');
      },
    };

    expect(() => recordProcessStart(failing, 'codex_exec')).toThrow('away');
    expect(recordProcessStart(client, 'Codex Desktop')).toBe(true);
    await client.shutdown();

    expect(numberPoints(metricNamed(exporter.getMetrics(), 'codex.process.start'))).toEqual([
      { value: 1, attributes: { originator: 'other' } },
    ]);
  });
});
