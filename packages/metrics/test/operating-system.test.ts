import os from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { operatingSystem } from '../src/operating-system.ts';

const release = (lines: string) => (file: string) => (file === '/etc/os-release' ? lines : undefined);

describe('operatingSystem', () => {
  it.each([
    ['Debian', 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n', { os: 'Debian', os_version: '12.0.0' }],
    ['Ubuntu', 'ID=ubuntu\nNAME="Ubuntu"\nVERSION_ID="24.04"', { os: 'Ubuntu', os_version: '24.4.0' }],
    ['Alpine', 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.1', { os: 'Alpine_Linux', os_version: '3.20.1' }],
    ['Red Hat', "ID='rhel'\nVERSION_ID='9.4'", { os: 'Red_Hat_Enterprise_Linux', os_version: '9.4.0' }],
    ['a rolling distribution, without a version', 'ID=arch\nNAME="Arch Linux"', { os: 'Arch_Linux' }],
    ['a little-known distribution', 'ID=few\nNAME=Few\nVERSION_ID=2026.a', { os: 'Few', os_version: '2026.a' }],
  ])('is the distribution: %s', (_name, lines, expected) => {
    expect(operatingSystem({ platform: 'linux', readFile: release(lines) })).toEqual(expected);
  });

  it.each([
    ['no such file', undefined],
    ['one without a name', 'PRETTY_NAME="x"'],
  ])('is that of the kernel with %s', (_name, lines) => {
    const readFile = () => lines;
    const expected = { os: os.type(), os_version: expect.stringContaining(os.release().split('.')[0] ?? '') };
    expect(operatingSystem({ platform: 'linux', readFile })).toEqual(expected);
  });

  it('has its version from its own file on macOS, and its name on Windows', () => {
    const plist = '<key>ProductName</key><string>macOS</string>\n<key>ProductVersion</key>\n\t<string>14.5</string>';
    const readFile = (file: string) => (file.endsWith('SystemVersion.plist') ? plist : undefined);
    expect(operatingSystem({ platform: 'darwin', readFile })).toEqual({ os: 'Mac_OS', os_version: '14.5.0' });
    expect(operatingSystem({ platform: 'win32', readFile }).os).toBe('Windows');
  });
});
