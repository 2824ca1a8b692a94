import type { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { differencesOf } from '@codex-otel/config';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiagLogLevel, diag } from '@opentelemetry/api';
import { onProcessEnd } from '../src/handover/exit-hooks.ts';
import { onFatalException } from '../src/handover/fatal-exception.ts';
import { UnlinkedFile } from '../src/handover/unlinked-file.ts';
import { thisProgram } from '../src/index.ts';
import { reportLimits } from '../src/setup/limits.ts';
import { isOwnFile } from '../src/spool/own-files.ts';

const linux = differencesOf({ os: 'linux', runtime: 'node' });
const windows = differencesOf({ os: 'win32', runtime: 'node' });

describe('reportLimits', () => {
  const said: string[] = [];
  beforeEach(() => {
    said.length = 0;
    const say = (level: string) => (message: string) => void said.push(`${level} ${message}`);
    const logger = { error: say('error'), warn: say('warn'), info: say('info'), debug() {}, verbose() {} };
    diag.setLogger(logger, DiagLogLevel.INFO);
  });
  afterEach(() => diag.disable());
  const platform = { os: 'linux', runtime: 'node' } as const;
  const unlimited = { uploader: ['node'], hasSpool: false, platform, isWorkerThread: false, missing: [] };

  it.each([
    ['nothing if nothing is lost', {}, []],
    ['nothing on macOS', { platform: { ...platform, os: 'darwin' } }, []],
    ['that there is no uploader', { uploader: undefined }, [/^warn .* set uploaderCommand/]],
    ['nothing about an uploader if there is a spool', { uploader: undefined, hasSpool: true }, []],
    [
      'what Deno does not allow',
      { missing: ['--allow-run', '--allow-write'] },
      [/^warn .* add --allow-run and --allow-write/],
    ],
    [
      'what it does not see on Deno',
      { platform: { ...platform, runtime: 'deno' } },
      [/^info .* Deno.addSignalListener/],
    ],
    ['what a worker thread loses', { isWorkerThread: true }, [/^warn .* terminate\(\)/]],
    [
      'what a process on Windows loses',
      { platform: { ...platform, os: 'win32' } },
      [/^info .* on Windows .* shutdown\(\)/],
    ],
  ] as const)('says %s', (_what, given, expected) => {
    reportLimits({ ...unlimited, ...given });
    expect(said).toEqual(expected.map((text) => expect.stringMatching(text)));
  });
});

describe('onProcessEnd on Windows', () => {
  it('ends the process by the one signal that it can send itself', () => {
    const { kill } = process;
    const sent: unknown[] = [];
    process.kill = (...args) => {
      sent.push(args);
      return true;
    };
    const calls: string[] = [];
    const forget = onProcessEnd(() => calls.push('called'), windows);
    try {
      const emitter: EventEmitter = process;
      emitter.emit('SIGHUP', 'SIGHUP');
    } finally {
      process.kill = kill;
      forget();
    }
    expect(calls).toEqual(['called']);
    expect(sent).toEqual([[process.pid, 'SIGTERM']]);
  });
});

describe('a payload', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-otel-platform-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The error of Windows while another process has the file open. */
  function withoutUnlink<T>(fn: () => T): T {
    const fs = process.getBuiltinModule('node:fs');
    const unlink = fs.unlinkSync;
    fs.unlinkSync = () => {
      throw Object.assign(new Error('EBUSY: resource busy or locked'), { code: 'EBUSY' });
    };
    try {
      return fn();
    } finally {
      fs.unlinkSync = unlink;
    }
  }

  it('keeps its name until it is closed, if the name of an open file cannot be removed', () => {
    const file = withoutUnlink(() => new UnlinkedFile([folder], windows));
    file.append(Buffer.from('items'));
    expect(readdirSync(folder)).toHaveLength(1);
    file.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused if its name cannot be removed', () => {
    expect(() => withoutUnlink(() => new UnlinkedFile([folder], linux))).toThrow('EBUSY');
  });
});

describe('a file of the spool', () => {
  const stats = { uid: 0, mode: 0o100666, isFile: () => true };

  it('is judged by owner and mode if there are any', () => {
    expect(isOwnFile(stats, linux)).toBe(false);
    expect(isOwnFile(stats, windows)).toBe(true);
  });
});

describe('onFatalException', () => {
  let calls: number;
  let forget: () => void;
  beforeEach(() => {
    calls = 0;
    forget = onFatalException(() => {
      calls += 1;
    });
  });
  afterEach(() => forget());

  const fail = () => {
    const emitter: EventEmitter = process;
    emitter.emit('uncaughtExceptionMonitor', new Error('uncaught'), 'unhandledRejection');
  };

  it('calls back when nobody handles the exception', () => {
    fail();
    expect(calls).toBe(1);
  });

  it('does not end a process that handles it', () => {
    const handler = () => {};
    process.on('uncaughtException', handler);
    try {
      fail();
    } finally {
      process.off('uncaughtException', handler);
    }
    expect(calls).toBe(0);
  });

  it('does not call a callback that was removed', () => {
    forget();
    fail();
    expect(calls).toBe(0);
  });
});

describe('thisProgram', () => {
  it('names the runtime, the main file and what follows', () => {
    expect(thisProgram('--upload')).toEqual([process.execPath, process.argv[1], '--upload']);
  });
});
