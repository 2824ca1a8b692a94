// `npm run runtimes`: runs an agent on each runtime, over each protocol, to each way of ending, and writes what arrived
// into docs/runtimes.md.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { endings, protocols } from './agent-run.ts';
import { endingTable } from './ending-table.ts';
import { presentRuntimes } from './runtime.ts';

const file = fileURLToPath(new URL('../../../docs/runtimes.md', import.meta.url));

const runtimes = presentRuntimes();
const cases = runtimes.flatMap((runtime) =>
  protocols.flatMap((protocol) => [
    ...endings.map((ending) => ({ runtime, protocol, ending, spool: false })),
    { runtime, protocol, ending: 'process.exit' as const, spool: true },
  ]),
);
const table = await endingTable(cases);
console.log(table.text);

const [start, end] = ['<!-- endings -->', '<!-- end of endings -->'];
const text = await readFile(file, 'utf8');
const before = text.slice(0, text.indexOf(start) + start.length);
const versions = runtimes.map(({ name, version }) => `${name} ${version}`).join(', ');
const measured = `Run ${new Date().toISOString().slice(0, 10)} on ${versions}.`;
await writeFile(file, `${before}\n${measured}\n\n${table.text}\n${text.slice(text.indexOf(end))}`);
process.exit(table.isWhole ? 0 : 1);
