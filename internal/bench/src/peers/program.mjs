// The program of every peer: `program.mjs <mode> <url of a collector> [no-deltas]`, beside the peer's own `peer.mjs`.
const [mode = 'start', url = 'http://127.0.0.1:9', records] = process.argv.slice(2);
const deltas = 1000;
const responses = 200;

/** An answer of a model, as its client gives it to the agent. */
async function* answer(count) {
  yield { type: 'response.created', response: { id: 'resp_1' } };
  for (let index = 0; index < count; index += 1) yield { type: 'response.output_text.delta', delta: 'word ' };
  const usage = { input_tokens: 3, output_tokens: 5, total_tokens: 8 };
  yield { type: 'response.completed', response: { id: 'resp_1', usage } };
}

async function micros(read) {
  const started = process.cpuUsage();
  for (let round = 0; round < 20; round += 1) await read();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 20;
}

async function readAll(stream) {
  let count = 0;
  for await (const _event of stream) count += 1;
  return count;
}

if (mode === 'nothing') end();
const { observe, setUp } = await import('./peer.mjs');
await setUp(url, records !== 'no-deltas');
if (mode === 'start') {
  await observe('start', () => answer(0), readAll);
} else if (mode === 'response') {
  const plain = () => readAll(answer(deltas));
  const observed = () => observe('response', () => answer(deltas), readAll);
  await micros(plain);
  await micros(observed);
  await micros(observed);
  const figures = [];
  for (let round = 0; round < 9; round += 1) figures.push((await micros(observed)) - (await micros(plain)));
  report({ micros: figures.sort((a, b) => a - b)[4] });
} else if (mode === 'exit' || mode === 'stay') {
  for (let mark = 0; mark < responses; mark += 1) await observe(`peer-mark-${mark}-`, () => answer(0), readAll);
  // Longer than the batch delay of any of them. So what is missing after an exit would have arrived.
  if (mode === 'stay') await new Promise((resolve) => setTimeout(resolve, 8000));
}
end();

function end() {
  report({ rssMiB: process.memoryUsage.rss() / 2 ** 20 });
  process.exit(0);
}

/** The last thing on standard output: peers print, too. */
function report(figures) {
  console.log(`\n@@${JSON.stringify(figures)}`);
}
