import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';

/** Puts something that does not belong there into a spool, under a name that comes first. */
type Plant = (directory: string, batchName: string) => void;

/** One of each kind that other processes, users, versions and clocks leave in a directory. */
const plants: readonly Plant[] = [
  (directory, name) => execFileSync('mkfifo', [path.join(directory, name)]),
  (directory, name) => symlinkSync('/dev/zero', path.join(directory, name)),
  (directory, name) => symlinkSync(name, path.join(directory, name)),
  (directory, name) => mkdirSync(path.join(directory, name)),
  (directory, name) => writeFileSync(path.join(directory, name), 'damaged', { mode: 0o600 }),
  (directory, name) => writeFileSync(path.join(directory, name), '', { mode: 0o666 }),
  (directory, name) =>
    writeFileSync(path.join(directory, `${name}.${hostname().replaceAll(/[^\w-]/g, '_')}.4194305.tmp`), 'half'),
  (directory) => {
    const token = path.join(directory, `sender.elsewhere.1.x${Math.random().toString(36).slice(2)}`);
    writeFileSync(token, '', { mode: 0o600 });
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(token, tomorrow, tomorrow);
  },
  (directory) => {
    if (!readdirSync(directory).includes('set-aside')) writeFileSync(path.join(directory, 'set-aside'), '');
  },
];

/** Adds a file of the next kind. Does nothing before there is a batch, since its name has the destination. */
export function plantHostileFile(directory: string, turn: number): void {
  const [batch] = readdirSync(directory).filter((name) => name.endsWith('.batch'));
  const plant = plants[turn % plants.length];
  if (batch === undefined || plant === undefined) return;
  // Older than all others, so that it comes first.
  const name = batch.replace(/^\d{14}-[\da-z]+-/, `${String(1e12 + turn).padStart(14, '0')}-hostile${turn}-`);
  plant(directory, name);
}
