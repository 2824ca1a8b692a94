// Runs a script in workerd and prints its answer, or the error: `node run-in-workerd.mjs worker.js traceparent`.
// In a process of its own: Miniflare does not load in jest's realm.
import { readFile } from 'node:fs/promises';
import { Log, LogLevel, Miniflare } from 'miniflare';

const [script, traceparent] = process.argv.slice(2);
const miniflare = new Miniflare({
  script: await readFile(script, 'utf8'),
  compatibilityDate: '2026-01-01',
  log: new Log(LogLevel.NONE),
});
const answer = {};
try {
  const response = await miniflare.dispatchFetch('http://worker/', { headers: { traceparent } });
  answer.body = await response.text();
} catch (error) {
  answer.error = String(error);
}
// Rejects with the same error when the script did not start.
await miniflare.dispose().catch(() => {});
console.log(JSON.stringify(answer));
