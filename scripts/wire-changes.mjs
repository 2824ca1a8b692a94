// In a pull request: a change of what is sent needs a changeset with a section `### On the wire` (docs/stability.md).
//
//   node scripts/wire-changes.mjs origin/main
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** What other programs read: the generated tables of events and spans, and the names and buckets of metrics. */
const wireFiles = [
  'docs/events.md',
  'docs/spans.md',
  'packages/metrics/src/metric-names.ts',
  'packages/metrics/src/histogram-boundaries.ts',
];

const [base = 'origin/main'] = process.argv.slice(2);
const changed = execFileSync('git', ['diff', '--name-only', `${base}...HEAD`], { encoding: 'utf8' }).split('\n');
const moved = wireFiles.filter((file) => changed.includes(file));
const isSaid = changed
  .filter((file) => /^\.changeset\/.*\.md$/.test(file) && existsSync(file))
  .some((file) => /^### On the wire$/m.test(readFileSync(file, 'utf8')));
if (moved.length > 0 && !isSaid) {
  console.error(`${moved.join(', ')} changed: say what is sent now in a changeset, under '### On the wire'`);
  process.exit(1);
}
