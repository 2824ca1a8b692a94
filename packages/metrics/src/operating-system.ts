import { sanitizeMetricTagValue } from './tag-value.ts';

/** The operating system as its users know it: "Debian" and "12.0.0", not "Linux" and the kernel's release. */
export interface OperatingSystem {
  readonly os: string;
  readonly os_version: string;
}

/** Options of {@link operatingSystem}. */
export interface OperatingSystemOptions {
  /** @defaultValue `process.platform` */
  readonly platform?: NodeJS.Platform | undefined;
  /** Reads a file; gives `undefined` if it cannot be read. @defaultValue from disk */
  readonly readFile?: ((file: string) => string | undefined) | undefined;
}

/** The names that Codex gives to distributions, by the `ID` of os-release; other distributions have their `NAME`. */
const DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
  ['alpine', 'Alpine Linux'],
  ['amzn', 'Amazon Linux AMI'],
  ['arch', 'Arch Linux'],
  ['centos', 'CentOS'],
  ['debian', 'Debian'],
  ['fedora', 'Fedora'],
  ['linuxmint', 'Linux Mint'],
  ['ol', 'OracleLinux'],
  ['opensuse-leap', 'openSUSE'],
  ['opensuse-tumbleweed', 'openSUSE'],
  ['rhel', 'Red Hat Enterprise Linux'],
  ['sles', 'SUSE Linux Enterprise Server'],
]);

/** The operating system as valid tag values; an unknown value is left out. */
export function operatingSystem(options: OperatingSystemOptions = {}): Partial<OperatingSystem> {
  const { platform = process.platform, readFile = readFromDisk } = options;
  // Not imported, since an import reads every getter of the module at each start.
  const { type, release } = process.getBuiltinModule('node:os');
  const { os = type(), os_version: version = release() } = released(platform, readFile);
  const tags = { os: sanitizeMetricTagValue(os), os_version: sanitizeMetricTagValue(threeNumbers(version)) };
  return Object.fromEntries(Object.entries(tags).filter(([, value]) => value !== 'unspecified'));
}

function released(
  platform: NodeJS.Platform,
  readFile: (file: string) => string | undefined,
): Partial<Record<keyof OperatingSystem, string | undefined>> {
  switch (platform) {
    case 'linux': {
      const text = readFile('/etc/os-release') ?? readFile('/usr/lib/os-release');
      if (text === undefined) return {};
      // A distribution without versions has no version here; the kernel's would be mistaken for one.
      const id = valueIn(text, 'ID');
      const os = DISTRIBUTIONS.get(id) ?? (valueIn(text, 'NAME') || undefined);
      return os === undefined ? {} : { os, os_version: valueIn(text, 'VERSION_ID') };
    }
    case 'darwin': {
      const plist = readFile('/System/Library/CoreServices/SystemVersion.plist') ?? '';
      const [, version] = /<key>ProductVersion<\/key>\s*<string>([^<]+)</.exec(plist) ?? [];
      return version === undefined ? {} : { os: 'Mac OS', os_version: version };
    }
    case 'win32':
      return { os: 'Windows' };
    default:
      return {};
  }
}

/** A value of os-release, whose lines are shell assignments. */
function valueIn(text: string, key: string): string {
  return new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim() ?? '';
}

/** `12` as `12.0.0`; a string that is not made of numbers stays as it is. */
function threeNumbers(version: string): string {
  const parts = version.split('.');
  if (parts.length > 3 || !parts.every((part) => /^\d+$/.test(part))) return version;
  return [...parts, '0', '0'].slice(0, 3).map(Number).join('.');
}

function readFromDisk(file: string): string | undefined {
  try {
    return process.getBuiltinModule('node:fs').readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
