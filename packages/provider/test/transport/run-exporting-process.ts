import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childLimits } from '@codex-otel/testing';
import { expect } from '@jest/globals';

/** What happened to the log records of the process. */
export interface ExportingOutcome {
  readonly stats: { readonly queued: number; readonly exported: number };
}

/** Runs `exporting-process.ts`, which must end by itself. */
export async function runExportingProcess(
  settings: object,
  env: Readonly<Record<string, string>> = {},
): Promise<ExportingOutcome> {
  const script = fileURLToPath(new URL('./exporting-process.ts', import.meta.url));
  const flags = ['--experimental-strip-types', '--conditions=@codex-otel/source', '--no-warnings'];
  const child = spawn(process.execPath, [...flags, script, JSON.stringify(settings)], {
    ...childLimits,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  expect(await once(child, 'close')).toEqual([0, null]);
  return JSON.parse(output);
}
