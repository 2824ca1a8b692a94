import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { endCommand } from '../src/helper-process.ts';
import { differencesOf } from '../src/platform.ts';

const windows = differencesOf({ os: 'win32', runtime: 'node' });

describe('endCommand on Windows', () => {
  const given = process.env.PATH;
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-otel-taskkill-'));
  });
  afterEach(() => {
    process.env.PATH = given;
    rmSync(folder, { recursive: true });
  });

  it('has taskkill end the command with what it started', async () => {
    const program = path.join(folder, 'taskkill');
    writeFileSync(program, `#!/bin/sh\necho "$@" > '${folder}/asked'\nkill -9 "$4"\n`);
    chmodSync(program, 0o755);
    process.env.PATH = `${folder}${path.delimiter}${given}`;
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)']);
    endCommand(child, windows);
    await once(child, 'close');
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toBe(`/T /F /PID ${child.pid}\n`);
  });

  it('ends only the command itself if there is no taskkill', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)']);
    process.env.PATH = folder;
    endCommand(child, windows);
    expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  });
});
