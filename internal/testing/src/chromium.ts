import { executableIn, foldersOnPath } from './executable.ts';

/** The Chromium of this machine: where Debian installs it, or on the path. */
export function chromiumPath(): string | undefined {
  return executableIn(['/usr/bin', ...foldersOnPath()], ['chromium', 'chromium-browser', 'google-chrome']);
}

/** What Chromium is started with: no window, no sandbox (containers run as root), nothing sent anywhere. */
export const chromiumArguments: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
