// `npm run conformance`: compares with the Codex program of this machine and writes docs/compatibility.md.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { decide } from './classification.ts';
import { findCodex, HOW_TO_GET_CODEX } from './codex-program.ts';
import type { Comparison } from './differences.ts';
import { combined, compare } from './differences.ts';
import { exitFacts } from './exit-cases.ts';
import type { Facts } from './facts.ts';
import { playSession } from './programs.ts';
import { compatibilityPage, differenceLines } from './report.ts';
import { HTTP_SCENES, WEBSOCKET_SCENES } from './scenes.ts';
import { readmeCase, SETTINGS_CASES, settingsFacts } from './settings-cases.ts';

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const codex = findCodex();
if (codex === undefined) {
  console.error(`there is no codex program to compare with: ${HOW_TO_GET_CODEX}`);
  process.exit(2);
}
const version = execFileSync(codex, ['--version'], { encoding: 'utf8' }).trim();
const cases = [readmeCase(await readFile(here('../../../README.md'), 'utf8')), ...SETTINGS_CASES];

const sessions = [
  ['http', HTTP_SCENES],
  ['websocket', WEBSOCKET_SCENES],
] as const;
/** What both programs do, at the same time: nothing that is compared depends on speed. */
const both = (play: (program: string | undefined) => Promise<Facts>) => Promise.all([play(codex), play(undefined)]);
const comparisons: Comparison[] = [];
for (const [transport, scenes] of sessions) {
  console.error(`▸ a session over ${transport}`);
  comparisons.push(compare(...(await both((program) => playSession(program, transport, scenes)))));
}
console.error('▸ settings');
comparisons.push(compare(...(await both((program) => settingsFacts(program, cases)))));
console.error('▸ exit');
comparisons.push(compare(...(await both(exitFacts))));
const { same, differences } = combined(comparisons);
const decided = decide(differences);
await writeFile(here('../../../docs/compatibility.md'), compatibilityPage({ version, same, differences: decided }));
const undecided = decided.filter(({ decision }) => decision === undefined);
console.log(
  `${version}: ${same.length} facts are the same, ${decided.length} differ, ${undecided.length} of them undecided`,
);
for (const line of differenceLines(undecided)) console.log(line);
process.exitCode = undecided.length === 0 ? 0 : 1;
