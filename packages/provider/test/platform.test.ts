import type { EventEmitter } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { onFatalException } from '../src/handover/fatal-exception.ts';
import { UnlinkedFile } from '../src/handover/unlinked-file.ts';
import { thisProgram } from '../src/index.ts';
import { differencesOf, limitsOf } from '../src/platform.ts';
import { isOwnFile } from '../src/spool/own-files.ts';

const linux = { os: 'linux', runtime: 'node' } as const;
const windows = { os: 'win32', runtime: 'node' } as const;

describe('differencesOf', () => {
  it.each(['linux', 'darwin', 'freebsd'] as const)('takes %s as the rule', (os) => {
    expect(differencesOf({ os, runtime: 'node' })).toEqual(differencesOf(linux));
  });

  it('hears on Windows what can be heard there', () => {
    expect(differencesOf(windows).endSignals).toEqual(['SIGINT', 'SIGBREAK', 'SIGHUP']);
    expect(differencesOf(linux).endSignals).toContain('SIGTERM');
  });
});

describe('limitsOf', () => {
  it('says nothing where nothing is lost', () => {
    expect(limitsOf({ os: 'linux', isWorkerThread: false })).toEqual([]);
    expect(limitsOf({ os: 'darwin', isWorkerThread: false })).toEqual([]);
  });

  it('says how a process on Windows and a worker thread end without loss', () => {
    expect(limitsOf({ os: 'win32', isWorkerThread: false })).toEqual([expect.stringContaining('shutdown()')]);
    expect(limitsOf({ os: 'win32', isWorkerThread: true })[1]).toContain('terminate()');
  });
});

describe('a payload', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'codex-otel-platform-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** As Windows refuses it while somebody holds the file. */
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

  it('keeps its name until it is closed, where an open file may not lose it', () => {
    const file = withoutUnlink(() => new UnlinkedFile(folder, differencesOf(windows)));
    file.append(Buffer.from('items'));
    expect(readdirSync(folder)).toHaveLength(1);
    file.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is refused where a name that stays is a fault', () => {
    expect(() => withoutUnlink(() => new UnlinkedFile(folder, differencesOf(linux)))).toThrow('EBUSY');
  });
});

describe('a file of the spool', () => {
  const stats = { uid: 0, mode: 0o100666, isFile: () => true };

  it('is judged by owner and mode where there are any', () => {
    expect(isOwnFile(stats, differencesOf(linux))).toBe(false);
    expect(isOwnFile(stats, differencesOf(windows))).toBe(true);
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

  it('leaves a process alone that handles it', () => {
    const handler = () => {};
    process.on('uncaughtException', handler);
    try {
      fail();
    } finally {
      process.off('uncaughtException', handler);
    }
    expect(calls).toBe(0);
  });

  it('calls nobody who took the callback back', () => {
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
