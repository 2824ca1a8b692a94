import { differencesOf, thisPlatform } from '@codex-otel/config';
import { describe, expect, it } from '@jest/globals';

const linux = { os: 'linux', runtime: 'node' } as const;

describe('differencesOf', () => {
  it.each(['darwin', 'freebsd'] as const)('treats %s as Linux', (os) => {
    expect(differencesOf({ os, runtime: 'node' })).toEqual(differencesOf(linux));
  });

  it('treats Bun as Node', () => {
    expect(differencesOf({ os: 'linux', runtime: 'bun' })).toEqual(differencesOf(linux));
  });

  it('uses nothing that Windows does not have', () => {
    expect(differencesOf({ os: 'win32', runtime: 'node' })).toEqual({
      ...differencesOf(linux),
      endSignals: ['SIGINT', 'SIGBREAK', 'SIGHUP'],
      canSendSignals: false,
      hasProcessGroups: false,
      mayKeepPayloadName: true,
      hasFileModes: false,
    });
  });

  it('knows that Deno does not announce each exit', () => {
    expect(differencesOf({ os: 'linux', runtime: 'deno' })).toEqual({
      ...differencesOf(linux),
      tellsEachExit: false,
      namesRunningFile: false,
    });
  });
});

describe('thisPlatform', () => {
  it('is the platform of this process', () => {
    expect(thisPlatform()).toEqual({ os: process.platform, runtime: 'node' });
  });

  it.each(['bun', 'deno'])('knows %s by its version', (runtime) => {
    const { versions } = process;
    Object.defineProperty(process, 'versions', { value: { ...versions, [runtime]: '1.0.0' }, configurable: true });
    try {
      expect(thisPlatform().runtime).toBe(runtime);
    } finally {
      Object.defineProperty(process, 'versions', { value: versions, configurable: true });
    }
  });
});
